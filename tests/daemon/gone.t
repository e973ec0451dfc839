#!/usr/bin/perl
# gone.t - a client that leaves while its request runs frees the worker at once; one that only ended its requests is answered.
use strict;
use warnings;
use lib 'tests/daemon';
use Socket qw(SOL_SOCKET SO_LINGER);
use Test::More;
use Time::HiRes qw(time);
use Weft;

my $d = Weft->start(
    listen => ['127.0.0.1:0', 'unix:' . (my $dir = File::Temp->newdir) . '/s'],
    args   => ['--workers', 1, '--timeout-ms', 60000]
);
my ($tcp, $unix) = $d->addresses;

# Wait until the process has ended; seconds it took.
sub ends {
    my ($pid) = @_;
    my $began = time;
    Weft::wait_for(sub { !kill 0, $pid }, "worker $pid to end");
    return time - $began;
}

sub has_begun {
    my ($pid) = @_;
    return Weft::wait_for(
        sub {
            open(my $fh, '<', "/proc/$pid/wchan") or return 0;
            my $where = <$fh> // '';
            return $where =~ /nanosleep/;
        },
        'the request to begin'
    );
}

sub ask_to_hang {
    my ($address, $more) = @_;
    my $c = $d->connect($address);
    $c->send('test act=hang' . ($more // '') . "\n");
    my $pid = Weft::wait_for(sub { ($d->workers)[0] }, 'a worker');
    has_begun($pid);
    return ($c, $pid);
}

sub reset_now {
    my ($c) = @_;
    setsockopt($c->{s}, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0));
    $c->close;
}

# ... and the daemon has seen it.
sub end_requests {
    my ($c) = @_;
    $c->end_requests;
    $d->ask_at($unix, 'hello') for 1 .. 3;
    return;
}

# In each case the hard deadline is a minute off: a worker that ends did so for the client.
my @cases = (
    ['a Unix client that closes', $unix, '', sub { $_[0]->close }],
    ['one that ended its requests before', $unix, '', sub { end_requests($_[0]); $_[0]->close }],
    ['one with a full pipeline, which is not read from', $unix, "\ntest" x 70, sub { $_[0]->close }],
    ['a TCP client that resets', $tcp, '', \&reset_now],
    ['a TCP client that ended its requests, then resets', $tcp, '', sub { end_requests($_[0]); reset_now($_[0]) }],
    ['one with a full pipeline that resets', $tcp, "\ntest" x 70, \&reset_now],
);
my $slowest = 0;
for my $case (@cases) {
    my ($name, $address, $more, $leave) = @$case;
    my ($c, $pid) = ask_to_hang($address, $more);
    $leave->($c);
    my $took = ends($pid);
    $slowest = $took if $took > $slowest;
    ok(1, "$name: its worker ends");
    isnt($d->ask_at($unix, 'test')->{pid}, $pid, '... and another request is answered by a new one');
}
cmp_ok($slowest, '<', 30, sprintf 'the longest took %.3f s', $slowest);
my $killed = () = $d->log =~ /event=worker_killed pid=\d+ req=\d+ reason=client_gone action=replaced/g;
is($killed, scalar @cases, 'each is logged');

# A half-close is no farewell.
for my $address ($unix, $tcp) {
    my $c = $d->connect($address);
    $c->send("test sleep_ms=300 id=1\ntest id=2\n");
    $c->end_requests;
    is_deeply([map { $_->{id} } $c->replies(2)], [1, 2], "answered after the end of the requests: $address");
    is($c->reply, undef, '... and closed');
}

# A request that is about to end is let end: its worker lives on.
my $pid = $d->ask_at($unix, 'test')->{pid};
my $c = $d->connect($unix);
$c->send("test\n");
$c->close;
is($d->ask_at($unix, 'test')->{pid}, $pid, 'a client that leaves during a short request costs no worker');

# Another connection's requests go on meanwhile.
my ($gone) = ask_to_hang($unix);
my $other = $d->connect($unix);
$other->send("test id=o\n");
$gone->close;
is($other->reply->{id}, 'o', 'who waits behind it is answered');
is($d->stop, 0, 'exit status');
done_testing;
