#!/usr/bin/perl
# metrics.t - what the daemon counts is what happened; a client that asks much does not keep one waiting that asks little.
use strict;
use warnings;
use lib 'tests/daemon';
use Test::More;
use Weft;

my $dir = Weft::index_of(map { "$_\n" } '{"type":"article","id":"a","title":"The harbour","body":"Dredging begins."}',
    '{"type":"comment","id":"c","article":"a","body":"Dredging again."}');
my $d = Weft->start(index => "$dir/index", http => ['unix'], args => ['--workers', 2, '--timeout-ms', 400, '--queue', 100, '--slow-ms', 250]);

sub figures {
    my ($of) = @_;
    my $reply = ($of // $d)->http('/metrics');
    is("$reply->{status} $reply->{header}{'content-type'}", '200 text/plain; version=0.0.4; charset=utf-8', 'figures') if !$of;
    return map { /^([^#]\S*) (\S+)$/ ? ("$1" => $2) : () } split /\n/, $reply->{body};
}

# Wait for a figure.
sub comes_to {
    my ($name, $value, $of) = @_;
    return Weft::wait_for(sub { my %f = figures($of // $d); ($f{$name} // '') eq $value }, "$name to come to $value");
}

# Before anybody asks, an idle worker has said what the index is.
ok(comes_to('weft_index_revision', 1), 'the revision of the index');
my %before = figures();
is($before{'weft_index_documents{type="comment"}'}, 1, 'its comments');
cmp_ok($before{weft_index_bytes}, '>', 1000, 'its bytes');
is($before{'weft_requests_total{command="status",outcome="ok"}'}, 0, '... which is no request');

my $c = $d->connect;
$c->send("search -- dredging\n");
ok($c->reply->{ok}, 'a search');
$c->send("search -- dredging\nsearch limit=0 -- dredging\nget ref=comment:nobody\nhello\nnonsense\n");
$c->replies(5);
$d->ask('test act=crash');
$d->ask('test act=hang');
$d->ask('test sleep_ms=300');
my %f = figures();
my %wanted = (
    'weft_requests_total{command="search",outcome="ok"}' => 2,
    'weft_requests_total{command="search",outcome="bad_request"}' => undef,
    'weft_requests_total{command="none",outcome="bad_request"}' => 2,
    'weft_requests_total{command="get",outcome="not_found"}' => 1,
    'weft_requests_total{command="hello",outcome="ok"}' => 1,
    'weft_requests_total{command="test",outcome="internal"}' => 1,
    'weft_requests_total{command="test",outcome="timeout"}' => 1,
    'weft_requests_total{command="test",outcome="ok"}' => 1,
    'weft_request_seconds_count{command="search"}' => 2,
    'weft_request_seconds_bucket{command="test",le="0.25"}' => 1,
    'weft_request_seconds_count{command="test"}' => 3,
    weft_queue_wait_seconds_count => 5,
    weft_cache_hits_total => 1,
    weft_cache_replies => 1,
    'weft_worker_ends_total{cause="crash"}' => 1,
    'weft_worker_ends_total{cause="deadline"}' => 1,
    'weft_worker_ends_total{cause="client_gone"}' => 0,
    'weft_connections{protocol="lines",transport="unix"}' => 1,
    'weft_connections_opened_total{protocol="lines",transport="unix"}' => 4,
    'weft_connections{protocol="http",transport="unix"}' => 1,
    weft_requests_slow_total => 2,
    weft_queue_length => 0,
);
is($f{$_}, $wanted{$_}, $_) for sort keys %wanted;
cmp_ok($f{weft_received_bytes_total} - $before{weft_received_bytes_total}, '>=', 150, 'bytes that came');
cmp_ok($f{weft_cache_bytes}, '>', 500, 'bytes of the cache');

# A client that leaves.
$c->send("test act=hang\n");
ok(comes_to('weft_workers{state="busy"}', 1), 'a worker is busy');
$c->close;
ok(comes_to('weft_worker_ends_total{cause="client_gone"}', 1), 'a worker ends as its client has gone');
ok(comes_to('weft_requests_abandoned_total', 1), '... whose request is counted');

# A commit is known without a request.
Weft::add_to($dir, qq({"type":"comment","id":"d","article":"a","body":"More."}\n));
ok(comes_to('weft_index_revision', 2), 'the next revision');
ok(comes_to('weft_index_documents{type="comment"}', 2), '... with its comments');
is({figures()}->{weft_cache_replies}, 0, '... and nothing is kept of the one before');
is($d->stop, 0, 'exit status');

# Fairness: with one worker, who asks once waits for the request that runs and one more, not for the sixty of another.
my $fair = Weft->start(http => ['unix'], args => ['--workers', 1, '--log-level', 'debug']);
my $much = $fair->connect;
$much->send("test sleep_ms=30 -- much\n" x 60);
ok(comes_to('weft_workers{state="busy"}', 1, $fair), 'one that asks much');
my $little = $fair->connect;
$little->send("test -- little\n");
is($little->reply->{text}, 'little', '... does not keep the other waiting');
my %then = figures($fair);
cmp_ok($then{weft_queue_length}, '>', 0, '... for all of its requests');
is(scalar(grep { $_->{text} eq 'much' } $much->replies(60)), 60, '... and gets all its answers');
my @order = $fair->log =~ /event=request req=\d+ .* query="(much|little)"/g;
my ($place) = grep { $order[$_] eq 'little' } 0 .. $#order;
cmp_ok($place, '<', 60, 'before the last of the others');
is($fair->stop, 0, 'exit status');
done_testing;
