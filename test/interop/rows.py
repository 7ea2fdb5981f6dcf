"""The rows of a folder of Parquet files as JSON: rows.py OUT"""

import json
import sys

import pyarrow.parquet as pq

json.dump(pq.read_table(sys.argv[1]).to_pylist(), sys.stdout)
