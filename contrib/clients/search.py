#!/usr/bin/env python3
# search.py - ask weft-searchd without a library: search.py SOCKET|http://HOST:PORT WORDS...
# SPDX-License-Identifier: GPL-3.0-or-later
import json, socket, sys, urllib.error, urllib.parse, urllib.request


def ask_lines(path, query):
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(5)
        s.connect(path)
        s.sendall(json.dumps({"cmd": "search", "q": query, "limit": 5}).encode() + b"\n")
        return json.loads(s.makefile("rb").readline())


def ask_http(url, query):
    keys = urllib.parse.urlencode({"q": query, "limit": 5})
    try:
        with urllib.request.urlopen(f"{url}/v1/search?{keys}", timeout=5) as r:
            return json.load(r)
    except urllib.error.HTTPError as e:  # the reply of an error is the same object
        return json.load(e)


try:
    address, query = sys.argv[1], " ".join(sys.argv[2:])
    reply = (ask_http if address.startswith("http://") else ask_lines)(address, query)
except (IndexError, OSError, ValueError) as e:
    sys.exit(f"search.py: no answer: {e}")
if not reply["ok"]:
    sys.exit(f"search.py: {reply['error']['code']}: {reply['error']['message']}")
sys.stdout.reconfigure(encoding="utf-8")
for hit in reply["hits"]:
    article = hit.get("article", hit)  # a hit that is an article has its headline itself
    print(article.get("title", article["ref"]))
    print(f"  {hit.get('author', 'no name')}: {hit['snippet']['text']}")
