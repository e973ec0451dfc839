#!/usr/bin/perl
# restart.t - one daemon takes over from another on sockets that a supervisor holds, under load: no request fails, none is
# refused. What a supervisor is told, and how connections end.
use strict;
use warnings;
use lib 'tests/daemon';
use Fcntl ();
use File::Temp ();
use IO::Select;
use IO::Socket::INET;
use IO::Socket::UNIX;
use POSIX ();
use Socket qw(SOCK_DGRAM SOCK_STREAM);
use Test::More;
use Weft;

my $index  = Weft::index_of(qq({"type":"article","id":"a1","title":"Dredging of the harbour"}\n));
my $dir    = File::Temp->newdir;
my @held   = (IO::Socket::UNIX->new(Type => SOCK_STREAM, Local => "$dir/lines", Listen => 64),
    IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 64, ReuseAddr => 1),
    IO::Socket::UNIX->new(Type => SOCK_STREAM, Local => "$dir/http", Listen => 64));
my $port   = $held[1]->sockport;
my $notify = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => "$dir/notify");

# The sockets as descriptors 3, 4 and 5, as systemd hands them over.
sub take_over {
    my @copies = map { POSIX::dup(fileno $_) } @held;
    my @high = map { POSIX::dup2($copies[$_], 20 + $_); 20 + $_ } 0 .. $#copies;
    POSIX::dup2($high[$_], 3 + $_) for 0 .. $#high;
    POSIX::close($_) for @high, grep { $_ > 5 } @copies;
    @ENV{qw(LISTEN_PID LISTEN_FDS LISTEN_FDNAMES)} = ($$, 3, 'lines:lines:http');
}
sub run_daemon {
    return Weft->start(program => "$Weft::B/weft-searchd", index => "$index/index", listen => [], sockets => 3,
        env => {NOTIFY_SOCKET => "$dir/notify"}, args => ['--workers', 2], before => \&take_over);
}
sub told {
    die "nothing told\n" unless IO::Select->new($notify)->can_read(30);
    $notify->recv(my $state, 200);
    return $state;
}

# One client: connections of one request each, over the three sockets in turn, until there is a file "stop". Says how many were
# answered, and how anything else went.
sub client {
    pipe(my $from, my $to) or die "pipe: $!\n";
    my $pid = fork // die "fork: $!\n";
    if ($pid) { CORE::close($to); return [$pid, $from] }
    my ($done, @wrong) = (0);
    for (my $i = 0; !-e "$dir/stop"; $i++) {
        my $address = ("unix:$dir/lines", "127.0.0.1:$port", "unix:$dir/http")[$i % 3];
        my $c = Weft->connect($address);
        if (!$c) { push @wrong, "refused: $address: $!"; next }
        if ($i % 3 == 2) {
            $c->send("GET /v1/count?q=dredging HTTP/1.1\r\nHost: x\r\n\r\n");
            my $a = eval { $c->answer };
            if ($a && $a->{status} == 200 && $a->{json}{total}{hits} == 1) { $done++ } else { push @wrong, "no answer: $address" }
        } else {
            $c->send("count -- dredging\n");
            my $r = eval { $c->reply };
            if ($r && $r->{ok} && $r->{total}{hits} == 1) { $done++ } else { push @wrong, "no answer: $address" }
        }
        $c->close;
    }
    syswrite($to, join("\n", $done, @wrong) . "\n");
    POSIX::_exit(0);
}

my $first = run_daemon();
is(told(), 'READY=1', 'READY=1');
my @clients = map { client() } 1 .. 4;
for my $round (1 .. 3) {
    my $second = run_daemon();
    is(told(), 'READY=1', "round $round: the second one is ready on the same sockets");
    kill('TERM', $first->{pid});
    is(told(), 'STOPPING=1', '... the first one stops');
    is($first->wait_end, 0, '... exit 0');
    like($first->log, qr/event=stopped unanswered=0$/m, '... and owes nothing');
    $first = $second;
}
open(my $stop, '>', "$dir/stop") or die "$dir: $!\n";
my ($sum, @wrong) = (0);
for my $client (@clients) {
    my ($pid, $from) = @$client;
    my ($done, @bad) = map { chomp; $_ } <$from>;
    waitpid $pid, 0;
    $sum += $done // 0;
    push @wrong, defined $done ? @bad : 'a client died';
}
is_deeply(\@wrong, [], 'no request failed, none was refused');
cmp_ok($sum, '>', 30, "... of $sum");

# A reload is told from its beginning to its end.
kill('HUP', $first->{pid});
like(told(), qr/^RELOADING=1\nMONOTONIC_USEC=\d+$/, 'SIGHUP: RELOADING=1 with the time');
is(told(), 'READY=1', '... then READY=1');

# Connections that are there when it stops: one that has sent nothing yet is answered once, one in the middle of its request too.
my $fresh = $first->connect("unix:$dir/lines");
my $used  = $first->connect("127.0.0.1:$port");
my $half  = $first->connect("unix:$dir/http");
$used->send("hello\n");
ok($used->reply->{ok}, 'a connection that was answered before');
$half->send("GET /v1/count?q=dredging HTT");
$fresh->send('hel');
my $probe = $first->connect("unix:$dir/lines");
$probe->send("hello\n");
$probe->reply;
kill('TERM', $first->{pid});
is(told(), 'STOPPING=1', 'stopping');
$fresh->send("lo id=1\n");
is($fresh->reply->{id}, 1, 'half a line is waited for and answered');
is($fresh->line, undef, '... then the end');
$half->send("P/1.1\r\nHost: x\r\n\r\n");
my $a = $half->answer;
is($a->{status}, 200, 'half a head is waited for and answered');
is($a->{header}{connection}, 'close', '... as the last one');
is($used->line, undef, 'a connection that asks nothing more is closed');
is($first->wait_end, 0, 'exit 0');
ok(-S "$dir/lines" && -S "$dir/http", "the supervisor's sockets are left alone");
done_testing;
