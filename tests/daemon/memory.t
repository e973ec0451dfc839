#!/usr/bin/perl
# memory.t - a worker that comes to hold too much is replaced when it is idle; a request that wants too much fails alone.
use strict;
use warnings;
use lib 'tests/daemon';
use Test::More;
use Weft;

# A leak: 16 MiB a request, over 48 MiB it is replaced. No request notices.
my $d = Weft->start(args => ['--workers', 1, '--worker-memory', 48]);
my (%pids, $failed);
for (1 .. 12) {
    my $r = $d->ask('test act=leak bytes=16777216');
    $r->{ok} ? $pids{$r->{pid}}++ : $failed++;
}
is($failed, undef, 'every request of a leaking worker is answered');
my @served = sort { $a <=> $b } values %pids;
cmp_ok(scalar @served, '>=', 3, '... by several workers, one after the other');
cmp_ok($served[-1], '<=', 4, '... none of which answered on and on') or diag "@served";
like($d->log, qr/level=warn event=worker_large pid=\d+ resident_mib=(?:4[89]|[5-9]\d|\d\d\d) action=replacing/, 'it is logged');
unlike($d->log, qr/worker_died|workers_keep_dying/, '... and is no crash');
is($d->stop, 0, 'exit status');

# One that leaks while another client waits: that one is answered by the next.
$d = Weft->start(args => ['--workers', 1, '--worker-memory', 16]);
my $c = $d->connect;
$c->send("test id=1 act=leak bytes=16777216\ntest id=2\n");
my ($first, $second) = $c->replies(2);
ok($first->{ok} && $second->{ok}, 'both are answered');
isnt($second->{pid}, $first->{pid}, '... the second by a new worker');
$d->stop;

# Without a limit it lives on.
$d = Weft->start(args => ['--workers', 1, '--worker-memory', 0]);
%pids = map { $d->ask('test act=leak bytes=16777216')->{pid} => 1 } 1 .. 8;
is(scalar keys %pids, 1, 'without a limit no worker is replaced');
$d->stop;

# A request that would take all memory there is.
$d = Weft->start(args => ['--workers', 2, '--worker-memory', 64, '--timeout-ms', 60000]);
my $other = $d->connect;
$other->send("test id=o sleep_ms=300\n");
my $r = $d->ask('test id=e act=eat');
SKIP: {
    skip 'a sanitizer takes more memory than a limit would leave', 3 if $r->{error}{code} eq 'io';
    is_deeply([$r->{id}, $r->{error}{code}], ['e', 'no_memory'], 'one that takes twice as much fails');
    is($other->reply->{id}, 'o', '... no other client notices');
    ok($d->ask('test')->{ok}, '... and the next request is answered');
}
is($d->stop, 0, 'exit status');
done_testing;
