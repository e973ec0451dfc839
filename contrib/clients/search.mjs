#!/usr/bin/env node
// search.mjs - ask weft-searchd without a library: node search.mjs SOCKET|http://HOST:PORT WORDS...
// SPDX-License-Identifier: GPL-3.0-or-later
import http from "node:http";
import net from "node:net";

const read = (stream) => new Promise((resolve, reject) => {
    const parts = [];
    stream.on("data", (part) => parts.push(part));
    stream.on("end", () => resolve(JSON.parse(Buffer.concat(parts))));
    stream.on("error", reject);
});

function askLines(path, query) {
    // The end of the requests is no farewell: the reply comes, then the end of the stream.
    const socket = net.connect({ path, timeout: 5000, allowHalfOpen: true });
    socket.on("timeout", () => socket.destroy(new Error("timeout")));
    socket.end(JSON.stringify({ cmd: "search", q: query, limit: 5 }) + "\n");
    return read(socket);
}

function askHttp(url, query) {
    const keys = new URLSearchParams({ q: query, limit: 5 });
    return new Promise((resolve, reject) => {
        const request = http.get(`${url}/v1/search?${keys}`, { timeout: 5000 }, (r) => read(r).then(resolve, reject));
        request.on("timeout", () => request.destroy(new Error("timeout")));
        request.on("error", reject);
    });
}

function stop(why) {
    console.error(`search.mjs: ${why}`);
    process.exit(1);
}

const [address = "", ...words] = process.argv.slice(2);
const ask = address.startsWith("http://") ? askHttp : askLines;
const reply = await ask(address, words.join(" ")).catch((e) => stop(`no answer: ${e.message}`));
if (!reply.ok) stop(`${reply.error.code}: ${reply.error.message}`);
for (const hit of reply.hits) {
    const article = hit.article ?? hit; // a hit that is an article has its headline itself
    console.log(article.title ?? article.ref);
    console.log(`  ${hit.author ?? "no name"}: ${hit.snippet.text}`);
}
