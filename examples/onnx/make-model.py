"""Makes model/click-chance.onnx: two layers with fixed weights, the same bytes each time.

    python3 -m venv venv && venv/bin/pip install onnx==1.23.2 onnxruntime==1.32.0
    venv/bin/python make-model.py
"""

from pathlib import Path

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save

INPUTS, HIDDEN = 4, 8
random = np.random.default_rng(20240506)


def weights(name, *shape):
    return numpy_helper.from_array(random.normal(0, 0.5, shape).astype(np.float32), name)


graph = helper.make_graph(
    [
        helper.make_node("Gemm", ["inputs", "w1", "b1"], ["hidden"]),
        helper.make_node("Relu", ["hidden"], ["active"]),
        helper.make_node("Gemm", ["active", "w2", "b2"], ["score"]),
        helper.make_node("Sigmoid", ["score"], ["chance"]),
    ],
    "click-chance",
    [helper.make_tensor_value_info("inputs", TensorProto.FLOAT, ["records", INPUTS])],
    [helper.make_tensor_value_info("chance", TensorProto.FLOAT, ["records", 1])],
    [weights("w1", INPUTS, HIDDEN), weights("b1", HIDDEN), weights("w2", HIDDEN, 1), weights("b2", 1)],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
checker.check_model(model)
save(model, Path(__file__).parent / "model" / "click-chance.onnx")
