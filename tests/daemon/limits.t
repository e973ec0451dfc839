#!/usr/bin/perl
# limits.t - long lines, many requests, many connections, clients that do not read or do not finish.
use strict;
use warnings;
use lib 'tests/daemon';
use Socket qw(SOL_SOCKET SO_LINGER);
use Test::More;
use Time::HiRes qw(sleep);
use Weft;

$SIG{PIPE} = 'IGNORE';

# A line of n bytes.
sub line_of { return 'hello id=' . 'a' x ($_[0] - 9) }

my $d = Weft->start(listen => ['127.0.0.1:0'], args => ['--workers', 1, '--timeout-ms', 30000]);
my ($tcp) = $d->addresses;
my $c = $d->connect($tcp);
$c->send(line_of(65536) . "\nhello id=2\n");
is(length $c->reply->{id}, 65527, 'a line of 65,536 bytes is answered');
is($c->reply->{id}, 2, '... and the next one');

# Over-long: one error after the answers before it, then the end; what follows is never run (case 053).
for my $rest ("\n", " -- shutdown\nhello id=9\n" x 20000) {
    my $over = $d->connect($tcp);
    $over->send("test id=1 sleep_ms=100\n" . line_of(65537) . $rest);
    is($over->reply->{id}, 1, 'what came before an over-long line is answered');
    is_deeply($over->reply, {ok => JSON::PP::false, error => {code => 'limit', message => 'request line over 65536 bytes'}},
        'one limit error');
    is($over->line, undef, 'then the end, although ' . length($rest) . ' bytes follow');
}
my $unfinished = $d->connect($tcp);
$unfinished->send('x' x 65537);
is($unfinished->reply->{error}{code}, 'limit', 'an over-long line need not be finished to be refused');

$c->send("search a\0b\nhello id=3\n");
is($c->reply->{error}{code}, 'bad_request', 'a NUL: that line is refused');
is($c->reply->{id}, 3, '... and only that line');
$c->send('{"cmd":"test","id":5,"text":"' . '\\"' x 1024 . qq("}\n));
is(length $c->reply->{text}, 1024, 'an escaped text counts as what it says');
my $depth = '[' x 32 . ']' x 32;
$c->send(qq({"cmd":"hello","q":$depth}\n));
is($c->reply->{error}{code}, 'limit', 'JSON nested 33 deep');

# Lengths and commands of other protocols (case 115).
for my $line ('$9223372036854775807', '*4294967295', '$-2', '*-1', '$00000000000000000005', '$5x') {
    $c->send("$line\nhello id=6\n");
    is($c->reply->{error}{code}, 'bad_request', "refused: $line");
    is($c->reply->{id}, 6, '... and hello is answered');
}

# 64 unanswered requests: reading stops, so a client cannot fill the memory.
my $full = $d->connect($tcp);
$full->send("test act=hang\n");
$full->{s}->blocking(0);
my ($bytes, $sent, $stuck) = ("test -- aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n" x 1000, 0, 0);
while ($sent < (64 << 20) && $stuck < 50) {
    my $n = syswrite($full->{s}, $bytes);
    $sent += $n // 0;
    $stuck = defined $n ? 0 : $stuck + 1;
    sleep 0.01 unless defined $n;
}
cmp_ok($sent, '<', 64 << 20, 'a full pipeline is not read on');
$full->close;
is($d->stop('KILL'), 137, 'killed');

# The queue: one request runs, two wait, the fourth is told so.
my $q = Weft->start(args => ['--workers', 1, '--queue', 2, '--timeout-ms', 500]);
$c = $q->connect;
$c->send(join '', "test act=hang id=0\n", map {"test id=$_\n"} 1 .. 3);
my @r = $c->replies(4);
is_deeply([map { $_->{id} } @r], [0 .. 3], 'in order');
is_deeply([map { $_->{ok} ? 'ok' : $_->{error}{code} } @r], [qw(timeout ok ok busy)], 'a full queue answers busy');
cmp_ok($r[3]{error}{retry_ms}, '>', 0, '... and when to try again');
$q->stop;

# Worker processes.
my $most = Weft->start(args => ['--workers', 64]);
is(scalar(my @w = $most->workers), 64, '64 workers');
is($most->stop, 0, '... and none is left');
my $more = Weft->start(args => ['--workers', 65], wait => 0);
is($more->wait_end, 2, '65 workers: exit 2');

# Connections: all together, and per TCP address.
my $few = Weft->start(listen => ['127.0.0.1:0', 'unix:' . (my $tmp = File::Temp->newdir) . '/s'],
    args => ['--max-connections', 4, '--max-per-address', 2]);
($tcp) = grep { !/^unix/ } $few->addresses;
$few->{socket} = "$tmp/s";
my @held = map { $few->connect($tcp) } 1, 2;
$_->send("hello\n"), $_->reply for @held;
my $third = $few->connect($tcp);
my $busy  = $third->reply;
is_deeply([$busy->{error}{code}, $busy->{error}{message}], ['busy', 'too many connections from this address'],
    'the third connection of an address');
cmp_ok($busy->{error}{retry_ms}, '>', 0, '... is told when to come back');
is($third->line, undef, '... and closed');
push @held, map { $few->connect } 3, 4;
$_->send("hello\n"), $_->reply for @held;
pass('Unix sockets have no address');
my $fifth = $few->connect;
$fifth->send("hello id=1\n");
is($fifth->reply->{error}{message}, 'too many connections', 'the fifth connection');
is($fifth->line, undef, '... is closed without an answer to its request');
$_->close for @held[0, 2];
my $served = Weft::wait_for(sub { my $again = $few->connect($tcp); $again->send("hello id=1\n"); ($again->reply // {})->{ok} },
    'a free place');
ok($served, 'a place that is given back is given out');
$few->stop;

# A client that does not read is closed, others do not notice.
my $slow = Weft->start(args => ['--workers', 2, '--write-timeout-ms', 300]);
my $deaf = $slow->connect;
$deaf->send("test act=big bytes=4000000\n" x 8);
ok($slow->ask('hello')->{ok}, 'others are served');
ok($slow->wait_log(qr/event=closed reason=not_reading/), 'a client that does not read is closed');
ok($slow->ask('test')->{ok}, 'and others still are');
$slow->stop;

# An idle client is closed, also one that trickles: the deadline is not moved by a byte.
my $idle = Weft->start(args => ['--idle-timeout-ms', 300]);
my $quiet = $idle->connect;
my $trickle = $idle->connect;
ok(Weft::wait_for(sub { sleep 0.03; !$trickle->send('a') }, 'the trickling client to be closed'), 'a trickling client is closed');
is($quiet->line, undef, 'an idle client is closed');
my $busy_one = $idle->connect;
$busy_one->send("test id=1 sleep_ms=900\n");
is($busy_one->reply->{id}, 1, 'a client that waits for its answer is not idle');
$idle->stop;

# Out of descriptors: the listener waits instead of spinning, and goes on when there are some again.
my $starved = Weft->start(args => ['--workers', 1], before => sub {
    exec('/bin/sh', '-c', 'ulimit -n 20; exec "$0" "$@"', "$Weft::B/tests/weft-searchd-test", '-i', "$Weft::INDEX", '--workers', 1,
        '--listen', "unix:$ENV{SOCKET}");
}, env => {SOCKET => (my $dir = File::Temp->newdir) . '/s'});
$starved->{socket} = "$dir/s";
my @many = map { $starved->connect } 1 .. 40;
ok($starved->wait_log(qr/event=accept_failed .*action=pausing/), 'out of descriptors is logged');
# Processor time, in hundredths of a second, while it is starved for one second: a loop that spins takes most of it.
my $ticks = sub {
    open(my $fh, '<', "/proc/$starved->{pid}/stat") or die;
    my @f = split ' ', (<$fh> =~ s/^.*\) //r);
    return $f[11] + $f[12];
};
my $start = $ticks->();
sleep 1;
cmp_ok($ticks->() - $start, '<', 20, '... it does not spin');
my @said = $starved->log =~ /event=accept_failed/g;
is(scalar @said, 1, '... once');
$many[0]->send("hello id=1\n");
is($many[0]->reply->{id}, 1, '... and those who are in are served');
$_->close for @many;
is($starved->ask('test id=2')->{id}, 2, '... and new ones when there is room');
is($starved->stop, 0, 'exit status');

# Clients that reset their connections (case 099): no crash, and every descriptor comes back.
my $rst = Weft->start(listen => ['127.0.0.1:0'], args => ['--workers', 2]);
($tcp) = $rst->addresses;
my $before = $rst->descriptors($rst->{pid});
for (1 .. 300) {
    my $s = $rst->connect($tcp);
    setsockopt($s->{s}, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0));
    $s->send("test act=big bytes=100000\n" x 5);
    $s->close;
}
ok(Weft::wait_for(sub { $rst->descriptors($rst->{pid}) <= $before }, 'the descriptors to come back'),
    'descriptors are back at the start');
my $last = Weft::wait_for(sub { my $l = $rst->connect($tcp); $l->send("test id=1\n"); ($l->reply // {})->{ok} }, 'an answer');
ok($last, 'and the daemon answers');
is($rst->stop, 0, 'exit status');
done_testing;
