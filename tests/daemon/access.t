#!/usr/bin/perl
# access.t - who may ask: tokens over TCP, accounts on Unix sockets.
use strict;
use warnings;
use lib 'tests/daemon';
use Fcntl ();
use File::Temp ();
use POSIX ();
use Test::More;
use Weft;

my $dir = File::Temp->newdir;
my ($old, $new) = ('old-token-0123456789', 'new-token-0123456789');
sub write_tokens {
    open(my $fh, '>', "$dir/tokens") or die "$dir: $!\n";
    print $fh @_;
    close $fh or die "$dir: $!\n";
    chmod 0600, "$dir/tokens";
}
sub code_of { return $_[0]{ok} ? 'ok' : $_[0]{error}{code} }

# Beyond loopback nobody listens without a token.
for my $row (['0.0.0.0:0', '0.0.0.0'], ['[::]:0', '[::]']) {
    my ($address, $shown) = @$row;
    SKIP: {
        skip "this machine has no $shown", 3 unless IO::Socket::IP->new(LocalAddr => $shown, LocalPort => 0, Listen => 1);
        my $d = Weft->start(listen => [$address], wait => 0);
        is($d->wait_end, 2, "$address without a token: exit 2");
        like($d->log, qr/^weft-searchd: listen on '\Q$shown\E:\d+': .*--token-file FILE/m, '... says what is missing');
        unlike($d->log, qr/event=listening/, '... and nothing is served');
    }
}
my $open_http = Weft->start(listen => [], http => ['0.0.0.0:0'], wait => 0);
is($open_http->wait_end, 2, '--http is no exception');
my $held = IO::Socket::IP->new(LocalAddr => '0.0.0.0', LocalPort => 0, Listen => 1);
my $handed = Weft->start(listen => [], wait => 0, before => sub {
    POSIX::dup2(fileno $held, 3) unless fileno $held == 3;
    @ENV{qw(LISTEN_PID LISTEN_FDS)} = ($$, 1);
    $^F = 3;
    open(my $three, '<&=', 3);
    fcntl($three, Fcntl::F_SETFD(), 0);
    exec("$Weft::B/weft-searchd", '-i', "$Weft::INDEX");
});
is($handed->wait_end, 2, '... nor is a socket handed over');
like($handed->log, qr/--token-file FILE/, '... says what is missing');
my $local = Weft->start(listen => ['127.0.0.1:0', '127.8.9.10:0']);
my ($loop) = $local->addresses;
my $c = $local->connect($loop);
$c->send("hello\nauth token=whatever-it-is-0\n");
is_deeply([map { code_of($_) } $c->replies(2)], ['ok', 'ok'], 'loopback without a token file: no token is needed, any is taken');
$local->stop;

# With a token file TCP needs a token, a Unix socket does not.
write_tokens("# the old one\n$old\n\n");
my $d = Weft->start(listen => ["unix:$dir/s", '0.0.0.0:0'], args => ['--token-file', "$dir/tokens", '--workers', 1]);
$d->{socket} = "$dir/s";
my ($tcp) = grep { !/^unix/ } $d->addresses;
$tcp =~ s/^0\.0\.0\.0/127.0.0.1/;
is(code_of($d->ask('test')), 'ok', 'a Unix socket needs no token');
$c = $d->connect($tcp);
$c->send("test id=1\nhello id=2\n{\"cmd\":\"auth\",\"id\":3,\"token\":\"$old\"}\ntest id=4\nhello id=5\n");
is_deeply([map { [$_->{id}, code_of($_)] } $c->replies(5)], [[1, 'denied'], [2, 'denied'], [3, 'ok'], [4, 'ok'], [5, 'ok']],
    'TCP: denied until the token is shown, then answered');
$c = $d->connect($tcp);
$c->send("auth token=$old\ntest\n");
is_deeply([map { code_of($_) } $c->replies(2)], ['ok', 'ok'], 'the form with key=value');
my $other = $d->connect($tcp);
$other->send("test\n");
is(code_of($other->reply), 'denied', "one connection's token is not another's");

# The client shows it, from a file or from its environment; only over TCP.
sub client {
    my (@args) = @_;
    my $said = `$Weft::B/weft @args 2>&1 </dev/null`;
    return [$? >> 8, $said];
}
delete @ENV{qw(WEFT_SERVER WEFT_INDEX WEFT_TOKEN)};
my @there = ('hello', '-s', $tcp);
is(client(@there)->[0], 2, 'weft without a token: exit 2');
like(client(@there)->[1], qr/^weft: a token is needed first/, '... says what is missing');
like(client(@there, '--token-file', "$dir/tokens")->[1], qr/weft-searchd/, 'weft with a token file');
{
    local $ENV{WEFT_TOKEN} = $old;
    is(client(@there)->[0], 0, 'with the token in the environment');
    is(client('hello', '-s', "unix:$dir/s")->[0], 0, '... which a Unix socket is not shown');
    $ENV{WEFT_TOKEN} = 'some-other-token';
    my $r = client(@there);
    is_deeply($r, [2, "weft: the token is not a right one\n"], 'with a wrong one');
    is(client(@there, '--token-file', "$dir/tokens")->[0], 0, 'the file goes before the environment');
}
like(client(@there, '--token-file', "$dir/absent")->[1], qr/^weft: token file '.*absent': No such file/, 'a token file that is not there');
is(client(@there, '--token-file', '/dev/null')->[0], 2, 'a token file without one: exit 2');

# What is no token.
for my $wrong (substr($old, 0, -1), "${old}0", uc $old, 'x' x 256, '# the old one' . "\0" x 8) {
    my $w = $d->connect($tcp);
    $w->send(JSON::PP->new->encode({cmd => 'auth', token => $wrong}) . "\ntest\n");
    my @replies = map { code_of($_) } $w->replies(2);
    ok($replies[0] =~ /^(?:denied|bad_request)$/ && $replies[1] eq 'denied', "wrong: @{[substr($wrong, 0, 24) =~ s/\0/./gr]}");
}
my $w = $d->connect($tcp);
$w->send('auth token=' . 'x' x 257 . "\n");
is(code_of($w->reply), 'limit', 'a token over 256 bytes');

# A right token does not make up for a later wrong one; three wrong ones are the end.
$w = $d->connect($tcp);
$w->send("auth token=$old\nauth token=wrong\ntest\n");
is_deeply([map { code_of($_) } $w->replies(3)], ['ok', 'denied', 'denied'], 'a wrong token takes the right one back');
$w = $d->connect($tcp);
$w->send("auth token=wrong\nauth token=wrong\nauth token=$old\ntest\n");
is_deeply([map { code_of($_) } $w->replies(4)], ['denied', 'denied', 'ok', 'ok'], 'two wrong tokens are forgiven');
$w = $d->connect($tcp);
$w->send("auth token=wrong\nauth token=wrong\nauth token=wrong\nauth token=$old\ntest\n");
is_deeply([map { code_of($_) } $w->replies(3)], [('denied') x 3], 'three are answered');
is($w->line, undef, '... and then the connection is closed');

# HTTP: every request shows it; health and what a browser asks before are for all.
my $web = Weft->start(http => ['127.0.0.1:0', "unix:$dir/h"], args => ['--token-file', "$dir/tokens"]);
my $bare = $web->http('/v1/hello');
is($bare->{status}, 401, 'HTTP without a token: 401');
is($bare->{json}{error}{code}, 'denied', '... denied');
is($bare->{header}{'www-authenticate'}, 'Bearer realm="weft"', '... says what it wants');
for my $header ("Authorization: Bearer $old", "authorization: bearer   $old  ") {
    is($web->http('/v1/hello', headers => [$header])->{status}, 200, $header);
}
for my $header ('Authorization: Bearer wrong', "Authorization: Basic $old", "Authorization: $old", 'Authorization: Bearer ', "X-Token: $old") {
    is($web->http('/v1/hello', headers => [$header])->{status}, 401, "$header: 401");
}
is($web->http('/')->{status}, 401, 'the page needs it too');
is($web->http('/healthz')->{status}, 200, 'health does not');
is($web->http('/v1/hello', method => 'OPTIONS')->{status}, 204, '... nor does OPTIONS');
$c = $web->connect_http;
$c->send("GET /v1/hello HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer $old\r\n\r\nGET /v1/hello HTTP/1.1\r\nHost: x\r\n\r\n");
is_deeply([map { $c->answer->{status} } 1, 2], [200, 401], "a request's token is not the next one's");
$c = $web->connect_http;
$c->send("GET /v1/hello HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer wrong\r\n\r\n" x 4);
my @three = map { $c->answer } 1 .. 3;
is_deeply([map { [$_->{status}, $_->{header}{connection} // ''] } @three], [[401, ''], [401, ''], [401, 'close']],
    'three wrong ones close the connection');
my ($local_http) = grep { /^unix/ } $web->http_addresses;
$c = $web->connect($local_http);
$c->send("GET /v1/hello HTTP/1.1\r\nHost: x\r\n\r\n");
is($c->answer->{status}, 200, 'over a Unix socket none is needed');
is($web->stop, 0, 'exit 0');

# SIGHUP exchanges the tokens, two of them valid at a time; a bad file changes nothing.
write_tokens("$old\n$new\n");
kill('HUP', $d->{pid});
$d->wait_log(qr/event=tokens_read tokens=2/);
for my $token ($old, $new) {
    $w = $d->connect($tcp);
    $w->send("auth token=$token\n");
    is(code_of($w->reply), 'ok', "after SIGHUP: $token");
}
write_tokens("$new\nshort\n");
kill('HUP', $d->{pid});
$d->wait_log(qr/level=warn event=tokens_not_read reason="token file '.*', line 2: a token has 16 to 256 bytes" action=kept/);
$w = $d->connect($tcp);
$w->send("auth token=$old\n");
is(code_of($w->reply), 'ok', 'a token file that is wrong changes nothing');
write_tokens("$new\n");
kill('HUP', $d->{pid});
$d->wait_log(qr/event=tokens_read tokens=1/);
$w = $d->connect($tcp);
$w->send("auth token=$old\nauth token=$new\n");
is_deeply([map { code_of($_) } $w->replies(2)], ['denied', 'ok'], 'a token taken out is no longer right');
is($d->stop, 0, 'exit 0');
unlike($d->log, qr/\Q$old\E|\Q$new\E/, 'no token is in the log');

# Token files that are refused, at N and N + 1.
my @files = (
    ['', qr/no token in it/], ["# only\n", qr/no token in it/],
    ['x' x 15 . "\n", qr/line 1: a token has 16 to 256 bytes/], ["# c\n" . 'x' x 257, qr/line 2: a token has 16 to 256 bytes/],
    ["a token with spaces in it\n", qr/line 1: only printable ASCII/], ["tok\xc3\xa9n-0123456789abc\n", qr/line 1: only printable ASCII/],
    [join('', map { sprintf "token-number-%05d\n", $_ } 1 .. 17), qr/over 16 tokens/],
    ['#' . 'x' x 65536, qr/over 65536 bytes/],
);
for my $row (@files) {
    my ($text, $pattern) = @$row;
    write_tokens($text);
    my $bad = Weft->start(args => ['--token-file', "$dir/tokens"], wait => 0);
    ok($bad->wait_end, 'does not start');
    like($bad->log, $pattern, "... $pattern");
}
for my $text ('x' x 16, 'x' x 256 . "\r\n", join('', map { sprintf "token-number-%05d\n", $_ } 1 .. 16)) {
    write_tokens($text);
    my $good = Weft->start(args => ['--token-file', "$dir/tokens"]);
    is($good->stop, 0, 'at the limit it starts');
}
my $none = Weft->start(args => ['--token-file', "$dir/absent"], wait => 0);
is($none->wait_end, 3, 'no token file: exit 3');
like($none->log, qr/token file '.*absent': No such file/, '... by name');
write_tokens("$old\n");
chmod 0644, "$dir/tokens";
my $lax = Weft->start(args => ['--token-file', "$dir/tokens"]);
like($lax->log, qr/level=warn event=token_file_open /, 'a file everybody reads: a warning');
$lax->stop;

# Unix sockets by account.
my $me = $>;
my $mine = (split ' ', $))[0];
my $nobody = getpwnam('nobody') // 65534;
my $stranger = $me == $nobody ? 0 : $nobody;
for my $row ([['--allow-uid', $me], 'ok'], [['--allow-uid', $stranger], 'denied'], [['--allow-uid', $stranger, '--allow-uid', $me], 'ok'],
    [['--allow-gid', $mine], 'ok'], [['--allow-uid', $stranger, '--allow-gid', $mine], 'ok'], [['--allow-gid', 4_294_967_294], 'denied'],
    [['--allow-uid', scalar getpwuid $me], 'ok']) {
    my ($args, $expected) = @$row;
    my $u = Weft->start(args => $args);
    is(code_of($u->ask('hello')), $expected, "@$args: $expected");
    $u->stop;
}
for my $row (['--allow-uid', 'no-such-account'], ['--allow-gid', 'no-such-group'], ['--allow-uid', 4_294_967_295], ['--allow-uid', '-1']) {
    my $bad = Weft->start(args => $row, wait => 0);
    is($bad->wait_end, 2, "@$row: exit 2");
    like($bad->log, qr/^weft-searchd: $row->[0]: '$row->[1]' is neither a name nor a number/m, '... by name');
}
my $many = Weft->start(args => [map { ('--allow-uid', $_) } 1 .. 65], wait => 0);
is($many->wait_end, 2, '65 accounts: exit 2');
my $most = Weft->start(args => [map { ('--allow-uid', $_) } $me, 1001 .. 1063]);
is(code_of($most->ask('hello')), 'ok', '64 are taken');
$most->stop;

# Another account of this machine, asking with its groups: what it is told.
sub asked_as {
    my ($socket, $uid, @groups) = @_;
    my $pid = open(my $out, '-|') // die "fork: $!\n";
    if (!$pid) {
        $) = join ' ', $uid, @groups;
        POSIX::setuid($uid);
        my $peer = Weft->connect("unix:$socket");
        $peer->send("hello\n");
        print code_of($peer->reply);
        close STDOUT;
        POSIX::_exit(0);
    }
    my $said = <$out>;
    return $said // '';
}
SKIP: {
    skip 'only root can try other accounts', 5 if $me != 0;
    chmod 0755, $dir;
    my $u = Weft->start(listen => ["unix:$dir/u"], args => ['--socket-mode', '666', '--allow-gid', 54321, '--allow-uid', 0]);
    is(asked_as("$dir/u", $nobody, $nobody), 'denied', 'another account is not answered');
    like($u->log, qr/event=denied pid=\d+ uid=$nobody gid=$nobody$/m, '... which is logged');
    is(asked_as("$dir/u", $nobody, 54321), 'ok', 'one of its further groups is enough');
    is(asked_as("$dir/u", $nobody, 1000 .. 1099, 54321), 'ok', '... also behind a hundred others');
    is($u->stop, 0, 'exit 0');
}
done_testing;
