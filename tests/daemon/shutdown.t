#!/usr/bin/perl
# shutdown.t - how the daemon starts and ends: sockets, signals, supervisors, usage.
use strict;
use warnings;
use lib 'tests/daemon';
use Fcntl qw(:mode);
use IO::Select;
use IO::Socket::UNIX;
use POSIX ();
use Socket qw(SOCK_DGRAM SOCK_STREAM);
use Test::More;
use Weft;

# TERM: what runs is finished, then everything is gone.
for my $signal (qw(TERM INT)) {
    my $d = Weft->start(args => ['--workers', 1]);
    my ($busy, $idle) = ($d->connect, $d->connect);
    $idle->send("hello\n");
    $idle->reply;
    $busy->send("test id=1 sleep_ms=500\ntest id=2\n");
    $busy->send("hello id=3\n");
    $d->ask('hello');
    kill($signal, $d->{pid});
    is_deeply([map { $_->{ok} ? $_->{id} : $_->{error}{code} } $busy->replies(3)], [1, 2, 3], "$signal: what was asked is answered");
    is($busy->line, undef, '... then the end');
    is($idle->line, undef, '... an idle connection is closed');
    $busy->close;
    is($d->wait_end, 0, '... exit 0');
    ok(!-e $d->{socket}, '... the socket is removed');
    like($d->log, qr/event=stopped/, '... and logged');
}

# TERM with a request that hangs: the hard deadline bounds the wait.
my $d = Weft->start(args => ['--workers', 1, '--timeout-ms', 400]);
my $c = $d->connect;
$c->send("test id=1 act=hang\ntest id=2 act=hang\n");
$d->ask('hello');
kill('TERM', $d->{pid});
my @r = $c->replies(2);
is($r[0]{error}{code}, 'timeout', 'a hanging request is cut off');
like($r[1]{error}{code}, qr/^(?:timeout|busy)$/, '... and so is the one behind it');
$c->close;
is($d->wait_end, 0, '... exit 0');

# A client that never reads its answers cannot keep it up.
$d = Weft->start(args => ['--workers', 1, '--timeout-ms', 400]);
my $deaf = $d->connect;
$deaf->send("test act=big bytes=8000000\n");
$d->ask('test');
is($d->stop, 0, 'a client that does not read does not keep it running');

# Sockets left behind and sockets in use.
$d = Weft->start;
my @stat = stat $d->{socket};
ok(S_ISSOCK($stat[2]), 'a Unix socket');
is(S_IMODE($stat[2]), 0660, '... of mode 0660');
my $second = Weft->start(listen => ["unix:$d->{socket}"], wait => 0);
is($second->wait_end, 3, 'a second daemon on it: exit 3');
like($second->log, qr/^weft-searchd: listen on 'unix:.*': in use$/m, '... says in use');
is($d->ask('hello id=1')->{id}, 1, '... and the first one goes on');
kill('KILL', $d->{pid});
$d->wait_end;
ok(-e $d->{socket}, 'killed, it leaves its socket behind');
my $third = Weft->start(listen => ["unix:$d->{socket}"], args => ['--socket-mode', '600']);
$third->{socket} = $d->{socket};
is($third->ask('hello id=2')->{id}, 2, '... which the next one replaces');
is(S_IMODE((stat $d->{socket})[2]), 0600, '... with the mode asked for');
unlink $d->{socket};
my $fourth = Weft->start(listen => ["unix:$d->{socket}"]);
is($third->stop, 0, 'a daemon whose socket was taken over ends');
ok(-e $d->{socket}, "... and leaves the other's alone");
$fourth->stop;
my $file = File::Temp->new;
print $file 'mine';
close $file;
my $on_file = Weft->start(listen => ["unix:$file"], wait => 0);
is($on_file->wait_end, 3, 'a file that is no socket: exit 3');
is(-s "$file", 4, '... and it is left alone');

# TCP.
my $by_name = gethostbyname('localhost') ? 'localhost:0' : '127.0.0.1:0'; # a bare chroot has no names
my $tcp = Weft->start(listen => ['127.0.0.1:0', $by_name]);
my @addresses = $tcp->addresses;
is(scalar(grep {/:[1-9]\d*$/} @addresses), 2, 'port 0: the real ports are logged');
my $over = $tcp->connect($addresses[0]);
$over->send("hello id=1\n");
is($over->reply->{id}, 1, 'an answer over TCP');
my $taken = Weft->start(listen => [$addresses[0]], wait => 0);
is($taken->wait_end, 3, 'a port in use: exit 3');
$tcp->stop;
SKIP: {
    skip 'this machine has no IPv6', 1 unless IO::Socket::IP->new(LocalAddr => '[::1]:0', Listen => 1);
    my $six = Weft->start(listen => ['[::1]:0']);
    like(($six->addresses)[0], qr/^\[::1\]:\d+$/, 'IPv6');
    $six->stop;
}

# Sockets from a supervisor, which is told when we are ready and when we stop.
my $dir    = File::Temp->newdir;
my $passed = IO::Socket::UNIX->new(Type => SOCK_STREAM, Local => "$dir/passed", Listen => 5);
my $notify = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => "$dir/notify");
sub told {
    die "nothing told\n" unless IO::Select->new($notify)->can_read(30);
    $notify->recv(my $state, 100);
    return $state;
}
my $child = sub {
    my ($pid) = @_;
    POSIX::dup2(fileno $passed, 3) unless fileno $passed == 3;
    my $on_exec = 0;
    open(my $three, '<&=', 3);
    fcntl($three, Fcntl::F_SETFD(), $on_exec);
    $ENV{LISTEN_PID} = $pid // $$;
    $ENV{LISTEN_FDS} = 1;
    exec("$Weft::B/tests/weft-searchd-test", '-i', "$Weft::INDEX");
};
my $under = Weft->start(listen => [], sockets => 1, env => {NOTIFY_SOCKET => "$dir/notify"}, before => sub { $child->() });
is(told(), 'READY=1', 'a supervisor is told READY');
$under->{socket} = "$dir/passed";
is($under->ask('hello id=1')->{id}, 1, 'a socket handed over is answered');
is_deeply([$under->addresses], ["unix:$dir/passed"], '... and logged');
is($under->stop, 0, '... exit 0');
is(told(), 'STOPPING=1', '... the supervisor is told');
ok(-e "$dir/passed", '... its socket is not ours to remove');
my $others = Weft->start(listen => [], wait => 0, before => sub { $child->(1) });
is($others->wait_end, 2, 'LISTEN_FDS for another process: exit 2');

# Usage.
my @usage = (
    [['-i', "$Weft::INDEX"], qr/--listen ADDRESS.*--stdio/],
    [['--stdio'], qr/'--index' is missing/],
    [['-i', "$Weft::INDEX", '--stdio', '--listen', 'unix:/x'], qr/'--stdio' and '--listen'/],
    [['-i', "$Weft::INDEX", '--listen', 'localhost'], qr/'localhost' is no address/],
    [['-i', "$Weft::INDEX", '--listen', '::1:80'], qr/'::1:80' is no address/],
    [['-i', "$Weft::INDEX", '--stdio', '--workers', 65], qr/--workers: '65' is not a number from 0 to 64/],
    [['-i', "$Weft::INDEX", '--stdio', '--socket-mode', '1000'], qr/--socket-mode: '1000'/],
    [['-i', "$Weft::INDEX", '--stdio', '--socket-mode', '8'], qr/--socket-mode: '8'/],
    [['-i', "$Weft::INDEX", '--stdio', '--frobnicate'], qr/unknown option '--frobnicate'/],
    [['-i', "$Weft::INDEX", '--stdio', 'x'], qr/unexpected argument 'x'/],
);
for my $row (@usage) {
    my ($args, $pattern) = @$row;
    my $pid = open(my $out, '-|') // die "fork: $!\n";
    if (!$pid) {
        open(STDIN,  '<',  '/dev/null');
        open(STDERR, '>&', \*STDOUT);
        delete @ENV{qw(LISTEN_FDS LISTEN_PID WEFT_INDEX)};
        exec("$Weft::B/weft-searchd", @$args) or POSIX::_exit(127);
    }
    my $said = do { local $/; <$out> };
    close $out;
    is($? >> 8, 2, "exit 2: @$args");
    like($said, $pattern, '... with the reason');
}
for my $flag ('--help', '-h', '--version') {
    my $said = `$Weft::B/weft-searchd $flag`;
    is($?, 0, "$flag: exit 0");
    like($said, $flag eq '--version' ? qr/^weft-searchd \d/ : qr/^usage: weft-searchd .*--listen ADDRESS/s, '... and says it');
}
done_testing;
