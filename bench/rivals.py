"""
Runs another engine once over a folder of raw files, in a process of its own:
`python rivals.py ENGINE SHAPE INPUT OUTPUT THREADS`. Does the work of the generated datasets and prints the JSON of its
figures. Without arguments: prints the versions of the installed engines as JSON.
"""

import glob
import importlib.util
import json
import os
import resource
import sys

ENGINES = ("polars", "duckdb")


def versions():
    found = {}
    for name in ENGINES:
        if importlib.util.find_spec(name):
            found[name] = importlib.import_module(name).__version__
    return found


def listings(pl, files):
    schema = {
        "id": pl.String,
        "title": pl.String,
        "company": pl.Struct({"name": pl.String}),
        "description": pl.String,
        "location": pl.Struct(
            {"city": pl.String, "country": pl.String, "lat": pl.Float64, "lon": pl.Float64}
        ),
        "salary": pl.Struct({"min": pl.Float64, "max": pl.Float64}),
        "posted_at": pl.String,
        "employment_type": pl.String,
        "remote": pl.Boolean,
    }
    place = pl.col("location").struct.field
    salary = pl.col("salary").struct.field
    text = pl.col("description")
    return (
        pl.scan_ndjson(files, schema=schema)
        .with_columns(text.str.replace_all("<[^>]*>", ""))
        .select(
            "id",
            pl.col("title").str.to_lowercase(),
            pl.col("company").struct.field("name").alias("company"),
            "description",
            text.str.len_chars().cast(pl.Int32).alias("characters"),
            text.str.count_matches(" ", literal=True).cast(pl.Int32).alias("words"),
            place("city"),
            place("country"),
            place("lat").alias("latitude"),
            place("lon").alias("longitude"),
            salary("min").alias("salary_min"),
            salary("max").alias("salary_max"),
            pl.col("posted_at").str.to_datetime("%Y-%m-%dT%H:%M:%S%.fZ", time_unit="us"),
            "employment_type",
            "remote",
        )
    )


def events(pl, files):
    schema = {
        "id": pl.Int64,
        "user": pl.String,
        "at": pl.Int64,
        "position": pl.Int32,
        "price": pl.Float64,
        "score": pl.Float32,
        "clicked": pl.Boolean,
        "features": pl.List(pl.Float32),
        "items": pl.List(pl.Int64),
        "device": pl.String,
        "width": pl.Int32,
        "height": pl.Int32,
    }
    return pl.scan_ndjson(files, schema=schema).select(
        "id",
        "user",
        pl.from_epoch("at", time_unit="ms"),
        "position",
        "price",
        "score",
        "clicked",
        "features",
        "items",
        "device",
        (pl.col("width") * pl.col("height")).alias("area"),
    )


def run_polars(shape, folder, output, threads, _statements):
    os.environ["POLARS_MAX_THREADS"] = threads
    import polars as pl

    files = sorted(glob.glob(folder + "/*.jsonl"))
    work = {"listings": listings, "events": events}[shape](pl, files)
    work.sink_parquet(output, compression="snappy", row_group_size=65536)


def run_duckdb(_shape, _folder, _output, threads, statements):
    import duckdb

    connection = duckdb.connect(config={"threads": int(threads)})
    for statement in json.loads(statements):
        connection.execute(statement)


def main(engine, shape, folder, output, threads, statements="[]"):
    os.makedirs(output, exist_ok=True)
    run = {"polars": run_polars, "duckdb": run_duckdb}[engine]
    run(shape, folder, output + "/part.parquet", threads, statements)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"peakBytes": usage.ru_maxrss * 1024, "cpuSeconds": usage.ru_utime + usage.ru_stime}))


if len(sys.argv) == 1:
    print(json.dumps(versions()))
else:
    main(*sys.argv[1:])
