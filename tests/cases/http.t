#!/usr/bin/perl
# http.t - known failures of HTTP servers: smuggled requests, clients that trickle, heads without end, resets in the middle.
use strict;
use warnings;
use lib 'tests/cases', 'tests/daemon';
use Cases;
use Socket qw(SOL_SOCKET SO_LINGER);
use Test::More;
use Time::HiRes qw(time);
use Weft;

my $dir = Weft::index_of(map { qq({"type":"article","id":"a$_","title":"Common words $_","body":"common text"}\n) } 1 .. 50);
my @workers = ('--workers', 2);

# The statuses of all answers to these bytes, until the daemon closes the connection.
sub statuses {
    my ($d, $bytes) = @_;
    my $c = $d->connect_http;
    $c->send($bytes);
    my @got;
    while (my $a = $c->answer) { push @got, $a->{status} }
    return "@got";
}

my $d = Weft->start(program => "$Weft::B/weft-searchd", index => "$dir/index", http => ['unix', '127.0.0.1:0'], args => [@workers]);
given('007', sub {
    is(statuses($d, case_bytes('007', $_)), '400', "$_: one refusal, nothing behind it") for qw(two_cl.http cl_te.http plus.http);
});
given('015', sub {
    for (qw(te.http te2.http te3.http)) { like(statuses($d, case_bytes('015', $_)), qr/^(?:400|501)$/, "$_: one refusal") }
});
given('071', sub {
    my ($made, $bytes) = generated('071');
    my $c = $d->connect_http;
    my $sent = 0;
    while ($sent < length $bytes && $c->send(substr $bytes, $sent, 4096)) { $sent += 4096 }
    ok($sent < length $bytes, 'it hangs up before the end');
    like(statuses($d, substr $bytes, 0, 60_000), qr/^414$/, 'an address without end is refused after the limit');
    my ($line, $rest) = split /\r\n/, $bytes, 2;
    is(statuses($d, "GET /v1/search?q=a HTTP/1.1\r\n" . substr $rest, 0, 60_000), '431', 'headers without end, too');
});
given('099', sub {
    my $before = Weft->descriptors($d->{pid});
    my $request = "GET /v1/search?q=common&limit=50 HTTP/1.1\r\nHost: a\r\n\r\n";
    my ($tcp) = grep { !/^unix/ } $d->http_addresses;
    for my $i (1 .. 300) {
        my $c = $d->connect($tcp) or next;
        setsockopt($c->{s}, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0));
        $c->send($request x 5);
        $c->close;
    }
    ok(Weft::wait_for(sub { Weft->descriptors($d->{pid}) <= $before }, 'descriptors to be given back'), 'resets leave nothing behind');
    my $c = $d->connect($tcp);
    $c->send($request);
    $c->end_requests;
    my $a = $c->answer;
    is(scalar(@{$a->{json}{hits}}), 50, 'a half-closed client gets its whole answer');
});
is($d->stop, 0, 'the daemon ends well');

given('023', sub {
    my $small = Weft->start(program => "$Weft::B/weft-searchd", index => "$dir/index", http => ['unix', '127.0.0.1:0'],
        args => [@workers, '--head-timeout-ms', 2000, '--max-per-address', 20]);
    my ($tcp) = grep { !/^unix/ } $small->http_addresses;
    my @slow;
    for (1 .. 300) {
        my $c = $small->connect($tcp) or next;
        $c->send("GET / HTTP/1.1\r\nX: ");
        push @slow, $c;
    }
    my ($begun, $asked) = (time, 0);
    while (time - $begun < 4) {
        $_->send('a') for @slow;
        my $answer = $small->http('/v1/search?q=common') or last;
        $asked++ if $answer->{status} == 200;
        select(undef, undef, undef, 0.1);
    }
    ok($asked > 3, 'others are answered meanwhile');
    ok((grep { $_->is_closed } @slow) == @slow, 'every slow one is let go, whatever it sends');
    is($small->stop, 0, 'the daemon ends well');
});
done_testing;
