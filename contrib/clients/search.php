<?php
// search.php - ask weft-searchd without a library: php search.php SOCKET|http://HOST:PORT WORDS...
// SPDX-License-Identifier: GPL-3.0-or-later
function ask_lines(string $path, string $query): ?array
{
    $s = @stream_socket_client("unix://$path", $code, $why, 5) or stop("no answer: $why");
    stream_set_timeout($s, 5);
    fwrite($s, json_encode(['cmd' => 'search', 'q' => $query, 'limit' => 5]) . "\n");
    return json_decode((string) stream_get_line($s, 16 << 20, "\n"), true);
}

function ask_http(string $url, string $query): ?array
{
    // Without ignore_errors the reply of an error, which is the same object, would not be read.
    $context = stream_context_create(['http' => ['ignore_errors' => true, 'timeout' => 5]]);
    $keys = http_build_query(['q' => $query, 'limit' => 5]);
    return json_decode((string) @file_get_contents("$url/v1/search?$keys", false, $context), true);
}

function stop(string $why): never
{
    fwrite(STDERR, "search.php: $why\n");
    exit(1);
}

$address = $argv[1] ?? '';
$query = implode(' ', array_slice($argv, 2));
$reply = str_starts_with($address, 'http://') ? ask_http($address, $query) : ask_lines($address, $query);
if ($reply === null) {
    stop('no answer');
}
if (!$reply['ok']) {
    stop("{$reply['error']['code']}: {$reply['error']['message']}");
}
foreach ($reply['hits'] as $hit) {
    $article = $hit['article'] ?? $hit; // a hit that is an article has its headline itself
    echo $article['title'] ?? $article['ref'], "\n";
    echo '  ', $hit['author'] ?? 'no name', ': ', $hit['snippet']['text'], "\n";
}
