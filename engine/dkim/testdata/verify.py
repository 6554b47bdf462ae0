# Verifies messages with dkimpy: verify.py KEYS FILE… prints "ok FILE" or "bad FILE".
# KEYS has a DNS name and its TXT record on each line.
import sys

import dkim

records = {}
for line in open(sys.argv[1]):
    name, text = line.rstrip("\n").split(" ", 1)
    records[name + "."] = text.encode()


def lookup(name, timeout=5):
    return records.get(name.decode())


for path in sys.argv[2:]:
    try:
        good = dkim.verify(open(path, "rb").read(), dnsfunc=lookup)
    except Exception:  # what it cannot read it does not verify
        good = False
    print("ok" if good else "bad", path)
