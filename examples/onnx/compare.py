"""Compares the rows that `load --out chances.jsonl` writes with Python's onnxruntime; fails above 1e-6.

    venv/bin/python compare.py chances.jsonl
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime

session = onnxruntime.InferenceSession(str(Path(__file__).parent / "model" / "click-chance.onnx"))
rows = [json.loads(line) for line in Path(sys.argv[1]).read_text().splitlines()]
assert rows, "no rows"
[expected] = session.run(None, {"inputs": np.array([row["inputs"] for row in rows], dtype=np.float32)})
difference = float(np.abs(expected[:, 0] - np.array([row["chance"] for row in rows])).max())
print(f"{len(rows)} rows, greatest difference {difference:.1e}")
sys.exit(difference > 1e-6)
