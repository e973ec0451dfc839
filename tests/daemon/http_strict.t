#!/usr/bin/perl
# http_strict.t - requests that two readers could understand differently, or that take too long or too much: one refusal each,
# and nothing behind it is served.
use strict;
use warnings;
use lib 'tests/daemon';
use Weft;
use Test::More;
use Time::HiRes qw(time);

my $d = Weft->start(http => ['unix', '127.0.0.1:0'],
    args => ['--workers', 1, '--head-timeout-ms', 300, '--body-timeout-ms', 400, '--idle-timeout-ms', 600, '--max-connections', 40, '--max-per-address', 4]);
my $next = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";

# The status of each answer to these bytes, and whether the connection was then closed.
sub statuses {
    my ($bytes) = @_;
    my $c = $d->connect_http;
    $c->send($bytes);
    my @got;
    while (my $a = $c->answer) { push @got, $a->{status} }
    return "@got";
}

sub post { return "POST /v1/search HTTP/1.1\r\nHost: x\r\n$_[0]\r\n" . ($_[1] // '') }
sub get { return "GET /healthz HTTP/1.1\r\nHost: x\r\n$_[0]\r\n" }
my $chunked = "Transfer-Encoding: chunked\r\n";

for (
    # framing
    [post("Content-Length: 2\r\nContent-Length: 5\r\n", "{}$next"), 400, 'two lengths'],
    [post("Content-Length: 2\r\nContent-Length: 2\r\n", "{}$next"), 400, 'the same length twice'],
    [post("Content-Length: 2, 2\r\n", "{}$next"), 400, 'a list of lengths'],
    (map { [post("Content-Length: $_\r\n", "{}$next"), 400, "length '$_'"] } '+2', '0x2', '-2', '2 2', '', '18446744073709551617'),
    [post("Content-Length: 5\r\n$chunked", "0\r\n\r\n$next"), 400, 'length and chunked'],
    [post("${chunked}Content-Length: 5\r\n", "0\r\n\r\n$next"), 400, 'chunked and length'],
    (map { [post("Transfer-Encoding: $_\r\n", "0\r\n\r\n$next"), 501, "coding '$_'"] } 'gzip, chunked', 'gzip', 'xchunked', 'identity', 'chunked;a'),
    [post("Transfer-Encoding: \x0bchunked\r\n", "0\r\n\r\n$next"), 400, 'a vertical tab'],
    [post("Transfer-Encoding:\tchunked\r\n", "0\r\n\r\n$next"), 400, 'a tab where it frames'],
    [post("$chunked$chunked", "0\r\n\r\n$next"), 400, 'chunked twice'],
    [post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n$next"), 400, 'a space before the colon'],
    ["POST /v1/search HTTP/1.0\r\n$chunked\r\n0\r\n\r\n$next", 400, 'chunked in HTTP/1.0'],
    [post('', $next), 411, 'no length'],
    (map { [post($chunked, "$_->[0]$next"), $_->[1], "chunk: $_->[2]"] } ["zz\r\n{}\r\n0\r\n\r\n", 400, 'no size'],
        [" 2\r\n{}\r\n0\r\n\r\n", 400, 'space before the size'], ["0x2\r\n{}\r\n0\r\n\r\n", 400, '0x'],
        ["-1\r\n{}\r\n0\r\n\r\n", 400, 'negative'], ["ffffffffffffffff1\r\n{}", 400, 'huge'], ["2\n{}\n0\n\n", 400, 'bare LF'],
        ["2\r\n{}XX0\r\n\r\n", 400, 'no CR LF after it'], ["10001\r\n", 413, 'over the limit by one'],
        ["2\r\n{}\r\n0\r\n" . "X-T: aaaaaaaaaa\r\n" x 300 . "\r\n", 431, 'trailers over the limit'],
        ["2\r\n{}\r\n0\r\nContent-Length: 9\r\n\r\n", 400, 'a length in a trailer'], ["2\r\n{}\r\n0\r\nx y\r\n\r\n", 400, 'a trailer that is no field'], ['2;' . 'a' x 300 . "\r\n{}\r\n0\r\n\r\n", 400, 'an endless extension']),
    # syntax
    ["GET /healthz HTTP/1.1\nHost: x\n\n$next", 400, 'bare LF'],
    [get("A: b\rC: d\r\n"), 400, 'bare CR'],
    [get("A: b\0c\r\n"), 400, 'NUL in a value'],
    [get("A\0b: c\r\n"), 400, 'NUL in a name'],
    [get("A: b\r\n c\r\n"), 400, 'a folded line'],
    [get("A: b\x01\r\n"), 400, 'a control character'],
    [get("A@(: b\r\n"), 400, 'a name that is no token'],
    [get("Abc\r\n"), 400, 'no colon'],
    [get(": b\r\n"), 400, 'no name'],
    ["GET /healthz HTTP/1.1\r\n X: y\r\nHost: x\r\n\r\n", 400, 'space before the first field'],
    ["GET /healthz HTTP/1.1\r\n\r\n", 400, 'no Host'],
    [get("Host: y\r\n"), 400, 'Host twice'],
    (map { [$_ . "\r\nHost: x\r\n\r\n", 400, "request line '" . ($_ =~ s/[^ -~]/?/gr) . "'"] } 'GET  /healthz HTTP/1.1', 'GET /healthz x HTTP/1.1',
        'GET /healthz', 'GET /healthz HTTP/1.1x', 'GET healthz HTTP/1.1', "GET /\0 HTTP/1.1", "GET /\xff HTTP/1.1", 'GET /%zz HTTP/1.1',
        'GET /%00 HTTP/1.1', 'GET /%4 HTTP/1.1', 'GET http://a@b/ HTTP/1.1', 'GET http:/// HTTP/1.1', "\x16\x03\x01\x02"),
    ["GET /healthz HTTP/2.0\r\nHost: x\r\n\r\n", 505, 'HTTP/2.0'],
    (map { ["$_ /healthz HTTP/1.1\r\nHost: x\r\n\r\n$next", 501, "method $_"] } 'get', 'PUT', 'TRACE', 'BREW'),
    [post("Content-Length: 2\r\nExpect: tea\r\n", '{}'), 417, 'an odd expectation'],
    # limits
    ['GET /' . 'a' x (8192 - 15) . " HTTP/1.1\r\nHost: x\r\n\r\n", 414, 'a request line over the limit by one'],
    [get('X: ' . 'b' x (16384 - 14) . "\r\n"), 431, 'headers over the limit by one'],
    [get("a:b\r\n" x 4500), 431, 'many headers'],
    [post("Content-Length: 65537\r\n"), 413, 'a body over the limit by one'],
    [post("Content-Length: 1000000\r\nExpect: 100-continue\r\n"), 413, 'and no word to go on'],
  )
{
    my ($bytes, $want, $what) = @$_;
    is(statuses($bytes), $want, $what);
}

# What is just allowed.
sub first_status {
    my $c = $d->connect_http;
    $c->send($_[0]);
    my $a = $c->answer // return 'closed';
    return $a->{status};
}
is(first_status('GET /' . 'a' x (8192 - 16) . " HTTP/1.1\r\nHost: x\r\n\r\n"), 404, 'a request line at the limit');
is(first_status(get('X: ' . 'b' x (16384 - 16) . "\r\n")), 200, 'headers at the limit');
is(first_status(post("Content-Length: 65536\r\n", '{"q":"' . 'a' x (65536 - 8) . '"}')), 400, 'a body at the limit');
is(first_status(post($chunked, "10000\r\n" . '{"q":"' . 'a' x (65536 - 8) . "\"}\r\n0\r\n\r\n")), 400, 'in chunks too');

# Absolute deadlines: bytes that keep coming do not put them off.
sub drip {
    my ($first, $again) = @_;
    my ($c, $begun) = ($d->connect_http, time);
    $c->send($first);
    while (!$c->has_bytes && time - $begun < $Weft::GUARD) {
        $c->send($again);
        select(undef, undef, undef, 0.05);
    }
    my $a = $c->answer;
    return ($a ? $a->{status} : 'closed') . (time - $begun < 10 ? '' : ' late');
}
is(drip("GET / HTTP/1.1\r\nX: ", 'a'), 408, 'a head that drips');
is(drip('GET /', 'a'), 408, 'a line that drips');
is(drip(post("Content-Length: 1000\r\n"), 'a'), 408, 'a body that drips');
is(drip(post($chunked), "1\r\na\r\n"), 408, 'chunks that drip');
is(drip("\r\n", "\r\n"), 'closed', 'empty lines that drip');
ok($d->connect_http->is_closed, 'a client that says nothing is let go');
my $c = $d->connect_http;
$c->send($next);
is($c->answer->{status}, 200, 'one that was answered');
ok($c->is_closed, 'and says no more, too');

# A refusal can be read by who goes on sending, and the daemon takes little of it.
$c = $d->connect_http;
my $sent = 0;
$c->send(post("Content-Length: 20000000\r\n"));
while ($sent < 20_000_000 && $c->send('z' x 1000)) { $sent += 1000 }
ok($sent < 19_000_000, 'it hangs up on a flood');

# Too many.
my ($tcp) = grep { !/^unix/ } $d->http_addresses;
my @held = map { $d->connect($tcp) } 1 .. 4;
for (@held) { $_->send($next); $_->answer }
my $more = $d->connect($tcp)->answer;
is("$more->{status} $more->{json}{error}{code} $more->{header}{'retry-after'}", '503 busy 1', 'one address too often');
undef @held;

is($d->stop, 0, 'it ends well');
done_testing;
