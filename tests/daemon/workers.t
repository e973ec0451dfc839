#!/usr/bin/perl
# workers.t - workers that crash, hang, lie, are killed and replaced: it costs one request.
use strict;
use warnings;
use lib 'tests/daemon';
use Test::More;
use Weft;

my $d = Weft->start(args => ['--workers', 1, '--timeout-ms', 700, '--log-level', 'debug']);
my $c = $d->connect;

# Whatever a worker does, its request gets an error with its id, the next one an answer from another process.
my (%pids, $newest);
for my $row (['crash', 'internal'], ['exit', 'internal'], ['lie', 'internal'], ['close', 'internal'], ['small', 'internal'],
    ['false', 'internal'], ['old', 'internal'], ['hang', 'timeout']) {
    my ($act, $code) = @$row;
    $c->send("test id=bad act=$act\ntest id=next\n");
    my ($bad, $next) = $c->replies(2);
    is_deeply([$bad->{id}, $bad->{ok}, $bad->{error}{code}], ['bad', JSON::PP::false, $code], "$act: $code under the id");
    is($next->{id}, 'next', '... the next one is answered');
    $newest = $next->{pid};
    ok(!$pids{$newest}++, '... by a new process');
}
is_deeply([$d->workers], [$newest], 'none is left over');
$c->send("test id=1 act=chatter\n");
is_deeply($c->reply, {}, 'a worker that says more than it was asked');
$c->send("test id=2\n");
is($c->reply->{id}, 2, '... does not get the replies out of step');
$c->send("test id=3 act=fail\n");
is_deeply($c->reply, {id => 3, ok => JSON::PP::false, error => {code => 'bad_query', message => 'as asked', at => 3}},
    'a command that fails');

# Killed from outside in the middle of a request.
$c->send("test id=4 act=hang\ntest id=5\n");
my ($pid) = Weft::wait_for(sub { ($d->workers)[0] }, 'a worker');
kill('KILL', $pid);
my ($killed, $after) = $c->replies(2);
is_deeply([$killed->{id}, $killed->{error}{code}], [4, 'internal'], 'kill -9 of a worker: its request gets an error');
ok($after->{id} == 5 && $after->{ok}, '... the next one an answer');

# Reply sizes: 8 MiB with its envelope is the most.
my $envelope = length '{"id":6,"ok":true,"big":""}';
my $max = 8 * 1024 * 1024 - $envelope;
$c->send("test id=6 act=big bytes=$max\n");
is(length $c->reply->{big}, $max, 'a reply of 8 MiB');
$max++;
$c->send("test id=6 act=big bytes=$max\n");
is($c->reply->{error}{code}, 'limit', '... and one byte more');

# A worker keeps nothing of the loop's: its link, stderr, and /dev/null twice.
($pid) = $d->workers;
my @open = map { readlink("/proc/$pid/fd/$_") // 'none' } 0 .. 3;
is($d->descriptors($pid), 4, 'a worker has four descriptors');
is_deeply([@open[0, 1]], ['/dev/null', '/dev/null'], '... none of them a client');
like($open[3], qr/^socket:/, '... one to the loop');

# A supervisor's TERM to the whole group is for the loop.
kill('TERM', $pid);
kill('INT',  $pid);
$c->send("test id=7\n");
is($c->reply->{pid}, $pid, 'a worker does not end by TERM or INT');

# A client that has gone: what it asked and nobody began is not run.
my $gone = $d->connect;
$gone->send("test act=hang\n" . "test -- unwanted\n" x 3);
$gone->close;
$c->send("test -- wanted\n");
is($c->reply->{text}, 'wanted', 'others are answered');
like($d->log, qr/query="wanted"/, 'requests are logged at debug');
unlike($d->log, qr/unwanted/, 'queued requests of a client that has gone are dropped');
is($d->stop, 0, 'exit status');

# Slow requests, and queries kept out of the log.
my $private = Weft->start(args => ['--workers', 1, '--no-log-queries']);
$private->ask('test sleep_ms=300 -- secret');
like($private->log, qr/level=warn event=slow req=1 cmd=test outcome=ok took_ms=\d+ wait_ms=\d+ cpu_ms=\d+ disk_reads=\d+ hits=0$/m,
    'a slow request is logged');
unlike($private->log, qr/secret/, '... without its query when asked so');
$private->stop;
my $open = Weft->start(args => ['--workers', 1]);
$open->ask("test sleep_ms=300 -- a\x1B[2J\"b");
like($open->log, qr/query="a\\x1B\[2J\\"b"/, '... and with it, escaped, when not');

# A hanging request does not keep the others.
$open->stop;
my $two = Weft->start(args => ['--workers', 2, '--timeout-ms', 5000]);
my $hung = $two->connect;
$hung->send("test id=1 act=hang\n");
is($two->ask('test id=2')->{id}, 2, 'a hanging request does not keep others waiting');
ok(!$hung->has_bytes, '... which are answered meanwhile');

# HUP: all workers are new, no request notices.
my %old = map { $_ => 1 } $two->workers;
is(scalar keys %old, 2, 'two workers');
my $before = $two->connect;
$before->send("test id=3 sleep_ms=700\n");
$before->send("hello id=4\n");
kill('HUP', $two->{pid});
is($hung->reply->{error}{code}, 'timeout', 'a request that hangs still ends at its deadline');
ok($before->reply->{ok}, 'a request under way is finished');
my $failed = 0;
Weft::wait_for(sub { $two->ask('test')->{ok} or $failed++; !grep { $old{$_} } $two->workers }, 'new workers');
is($failed, 0, 'no request fails meanwhile');
ok(!$old{$two->ask('test')->{pid}}, 'and the new ones answer');
is($two->stop, 0, 'exit status');

# Workers that die one after the other are waited for, not spun on.
my $loop = Weft->start(args => ['--workers', 1]);
is($loop->ask("test id=$_ act=crash")->{id}, $_, "crash $_") for 1 .. 6;
ok($loop->wait_log(qr/event=workers_keep_dying deaths=5 wait_ms=100/), 'after five the next start is put off');
is($loop->ask('test id=9')->{id}, 9, '... and then requests are answered again');

# The loop killed without warning: no worker outlives it.
my @orphans = $loop->workers;
is(scalar @orphans, 1, 'a worker');
$loop->stop('KILL');
ok(Weft::wait_for(sub { !kill(0, @orphans) }, 'the worker to end'), 'workers die with the loop');
done_testing;
