"""Scores words: reads a line of JSON for each packet and answers with one."""

import json
import sys

VOWELS = set("aeiou")

for line in sys.stdin:
    word = json.loads(line)["word"]
    print(json.dumps({"out": {"word": word, "vowels": sum(c in VOWELS for c in word)}}))
