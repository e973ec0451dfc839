#!/usr/bin/perl
# http.t - HTTP/1.1 as a backend meets it: paths, statuses, tags, methods, bodies, other origins; one request after the other.
use strict;
use warnings;
use lib 'tests/daemon';
use Weft;
use Test::More;

my $dir = Weft::index_of(map { "$_\n" } '{"type":"article","id":"tide","title":"The tide","body":"It comes twice."}',
    '{"type":"comment","id":"a/b c","article":"tide","author":"Ann","body":"Once is enough, she said."}');
my $d = Weft->start(program => "$Weft::B/weft-searchd", index => "$dir/index", http => ['unix', '127.0.0.1:0'],
    args => ['--workers', 2, '--cors', 'https://news.example']);
is(scalar(my @http = $d->http_addresses), 2, 'two addresses for HTTP beside one for lines');

# Paths and parameters.
my $a = $d->http('/v1/search?q=twice');
is($a->{status}, 200, 'a search');
is($a->{header}{'content-type'}, 'application/json', 'is JSON');
is($a->{json}{hits}[0]{ref}, 'article:tide', 'with its hit');
is($a->{header}{'x-content-type-options'}, 'nosniff', 'and no guessing');
is($d->http('/v1/search?q=once+enough&limit=1&type=comment')->{json}{hits}[0]{ref}, 'comment:a/b c', 'a plus is a space, a number a number');
is($d->http('/v1/search?q=%22once%20is%22')->{json}{total}{hits}, 1, 'escapes');
is($d->http('/v1/doc/comment%3Aa%2Fb%20c')->{json}{doc}{author}, 'Ann', 'a reference in the path, encoded');
is($d->http('/v1/doc/comment:a/b%20c')->{json}{doc}{author}, 'Ann', 'and with what need not be');
is($d->http('/v1/doc/comment:a+b')->{json}{error}{message}, q(no document 'comment:a+b'), 'a plus in a path is a plus');
is($d->http('/v1/thread/comment:a%2Fb%20c?limit=1')->{json}{article}{ref}, 'article:tide', 'a thread');
is($d->http('/v1/status')->{json}{comments}, 1, 'status');
is($d->http('/v1/count?q=twice')->{json}{total}{hits}, 1, 'count');
is($d->http('/healthz')->{body}, "ok\n", 'health');

my $m = $d->http('/metrics');
is($m->{header}{'content-type'}, 'text/plain; version=0.0.4; charset=utf-8', 'figures for a monitor');
like($m->{body}, qr/^weft_requests_total\{[^}]*command="search"[^}]*\} [1-9]/m, 'among them the searches');

# POST.
is($d->http('/v1/search', body => '{"q":"twice"}')->{json}{total}{hits}, 1, 'a JSON body');
is($d->http('/v1/search?limit=1', body => '{"q":"twice"}')->{json}{total}{hits}, 1, 'beside parameters');
is($d->http('/v1/search', body => '{"q":"twice"}', headers => ['Content-Type: application/x-www-form-urlencoded'])->{status}, 200,
    'JSON that says it is a form');
is($d->http('/v1/search', body => 'q=twice&limit=1', headers => ['Content-Type: application/x-www-form-urlencoded'])->{json}{total}{hits}, 1,
    'a form');

# Errors: the closed list, each with its status.
for (
    ['/v1/search', 400, 'bad_request', 'a key is missing'],
    ['/v1/search?q=twice&colour=red', 400, 'bad_request', 'an unknown key'],
    ['/v1/search?q=twice&q=once', 400, 'bad_request', 'a key twice'],
    ['/v1/search?q=twice&limit=0', 400, 'bad_request', 'a number out of range'],
    ['/v1/search?q=twice&limit=x', 400, 'bad_request', 'no number'],
    ['/v1/search?q=twice&=x', 400, 'bad_request', 'a parameter without a name'],
    ['/v1/search?q=%ff', 400, 'bad_request', 'no UTF-8'],
    ['/v1/search?q=%zz', 400, 'bad_request', 'no escape'],
    ['/v1/search?q=%00', 400, 'bad_request', 'a NUL'],
    ['/v1/search?q=date:2014..2013', 400, 'bad_query', 'a bad query'],
    ['/v1/search?q=' . 'a' x 1025, 400, 'limit', 'a query too long'],
    ['/v1/doc/comment:nobody', 404, 'not_found', 'no such document'],
    ['/v1/doc/', 404, 'not_found', 'a path that ends too early'],
    ['/v1/searchx', 404, 'not_found', 'no such path'],
    ['/v1/search/', 404, 'not_found', 'no such path, with a slash'],
  )
{
    my ($path, $status, $code, $what) = @$_;
    my $got = $d->http($path);
    is("$got->{status} " . ($got->{json}{error}{code} // ''), "$status $code", $what);
}
for (['[]', 'an array'], ['{"q":', 'cut'], ['', 'empty'], ['{"q":"a"} x', 'more behind it'], ['{"q":"a","q":"b"}', 'a key twice']) {
    my $got = $d->http('/v1/search', body => $_->[0]);
    is("$got->{status} $got->{json}{error}{code}", '400 bad_request', "a body: $_->[1]");
}
is($d->http('/v1/search', body => '{"cmd":"status","q":"x"}')->{json}{error}{message}, q(key 'cmd' is given twice), 'a body cannot name another command');
my $not = $d->http('/v1/status', body => '{}');
is("$not->{status} $not->{header}{allow}", '405 GET, HEAD, OPTIONS', 'a POST where none is taken');

# HEAD, tags.
my $head = $d->http('/v1/search?q=twice', method => 'HEAD');
is($head->{status}, 200, 'HEAD');
ok($head->{header}{'content-length'} > 100, 'tells the length');
is($head->{body}, '', 'sends nothing');
my $tag = $a->{header}{etag};
like($tag, qr{^W/"[0-9a-f]{16}"$}, 'a tag');
is($d->http('/v1/search?q=twice')->{header}{etag}, $tag, 'the same for the same answer');
isnt($d->http('/v1/search?q=once')->{header}{etag}, $tag, 'another for another');
my $same = $d->http('/v1/search?q=twice', headers => ["If-None-Match: \"x\", $tag"]);
is("$same->{status} $same->{body}", '304 ', 'not sent to who has it');
is($d->http('/v1/search?q=twice', headers => ['If-None-Match: "x"'])->{status}, 200, 'sent to who has another');
Weft::add_to($dir, qq({"type":"comment","id":"new","article":"tide","body":"Twice, then?"}\n));
Weft::wait_for(sub { $d->http('/v1/search?q=twice', headers => ["If-None-Match: $tag"])->{status} == 200 }, 'a new answer');

# Other origins.
my $ours = $d->http('/v1/search?q=twice', headers => ['Origin: https://news.example']);
is($ours->{header}{'access-control-allow-origin'}, 'https://news.example', 'an origin that may read');
is($d->http('/v1/search?q=twice', headers => ['Origin: https://evil.example'])->{header}{'access-control-allow-origin'}, undef, 'one that may not');
my $before = $d->http('/v1/search', method => 'OPTIONS', headers => ['Origin: https://news.example', 'Access-Control-Request-Method: POST']);
is("$before->{status} $before->{header}{'access-control-allow-methods'}", '204 GET, POST', 'asked before');
is($d->http('*', method => 'OPTIONS')->{status}, 204, 'OPTIONS *');

# One connection, many requests.
my $c = $d->connect_http;
my $get = "GET /v1/search?q=twice HTTP/1.1\r\nHost: x\r\n\r\n";
$c->send($get x 100);
is(scalar(grep { $_->{status} == 200 } map { $c->answer } 1 .. 100), 100, 'a hundred at once, in order');
$c->send("POST /v1/search HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\n{\"q\":\r\n8\r\n\"twice\"}\r\n0\r\nX: y\r\n\r\n$get");
is(join(' ', map { $c->answer->{status} } 1 .. 2), '200 200', 'a chunked body, and in step after it');
$c->send("POST /v1/search HTTP/1.1\r\nHost: x\r\nContent-Length: 13\r\nExpect: 100-continue\r\n\r\n");
is($c->answer->{status}, 100, 'told to go on');
$c->send('{"q":"twice"}');
is($c->answer->{status}, 200, 'then answered');
$c->send("\r\n\r\n$get");
is($c->answer->{status}, 200, 'empty lines before a request');
$_ = $get;
$c->send($_) for split //;
is($c->answer->{status}, 200, 'byte by byte');
$c->send($get);
$c->end_requests;
is($c->answer->{status}, 200, 'half closed, the answer still comes');
ok($c->is_closed, 'then the end');

# HTTP/1.0.
$c = $d->connect_http;
$c->send("GET /healthz HTTP/1.0\r\n\r\n");
is($c->answer->{header}{connection}, 'close', 'HTTP/1.0 ends');
ok($c->is_closed, 'and is closed');
$c = $d->connect_http;
$c->send("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" x 2);
is(join(' ', map { $c->answer->{header}{connection} } 1 .. 2), 'keep-alive keep-alive', 'or goes on when asked');
$c = $d->connect_http;
$c->send("GET http://x/healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
is($c->answer->{body}, "ok\n", 'as a proxy is asked');

is($d->stop, 0, 'it ends well');
done_testing;
