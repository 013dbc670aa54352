"""A program that tries wrong passwords, some hundred a second, from an address of its own; prints what it got.

python tests/soak/flood.py http://127.0.0.1:8000 someone@example.com 1000
"""

import json
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx2 as httpx

ADDRESS, AT_ONCE, PAUSE = "127.0.0.9", 4, 0.015


def flood(base: str, email: str, times: int) -> Counter[int]:
    transport = httpx.HTTPTransport(local_address=ADDRESS)
    wrong = {"email": email, "password": "wrong"}
    with httpx.Client(base_url=base, transport=transport, timeout=30) as client, ThreadPoolExecutor(AT_ONCE) as pool:

        def attempt(_: int) -> int:
            time.sleep(PAUSE)
            return client.post("/v1/auth/login", json=wrong).status_code

        return Counter(pool.map(attempt, range(times)))


if __name__ == "__main__":
    print(json.dumps(flood(sys.argv[1], sys.argv[2], int(sys.argv[3]))))  # noqa: T201
