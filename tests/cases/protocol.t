#!/usr/bin/perl
# protocol.t - bytes that are no request: too long, with NULs, with lengths of other protocols; clients that leave early.
use strict;
use warnings;
use utf8;
use lib 'tests/cases', 'tests/daemon';
use POSIX ();
use Socket qw(SOL_SOCKET SO_LINGER);
use Test::More;
use Cases;
use Weft;

my $x = Cases->new;
$x->build(article('a1', 'T', body => 'common'), map { comment("c$_", "common words $_", $_ > 1 ? (parent => 'c1') : ()) } 1 .. 200);
my @listen = ('127.0.0.1:0', "unix:$x->{dir}/s");
my $d = Weft->start(program => "$Cases::B/weft-searchd", index => $x->{index}, listen => \@listen, args => ['--workers', 2, '--max-per-address', 0]);
$d->{socket} = "$x->{dir}/s";
my ($tcp) = grep { !/^unix/ } $d->addresses;

# All replies to some bytes, the sending side closed behind them.
sub replies_to {
    my ($bytes, $address) = @_;
    my $c = $d->connect($address) or die "connect: $!\n";
    my $pid = fork // die "fork: $!\n";    # so that neither side waits for the other
    if (!$pid) {
        $c->send($bytes);
        $c->end_requests;
        POSIX::_exit(0);
    }
    my @replies;
    while (defined(my $line = $c->line)) { push @replies, JSON::PP::decode_json($line) }
    waitpid($pid, 0);
    return @replies;
}

sub codes { return join ' ', map { $_->{ok} ? 'ok' : $_->{error}{code} } @_ }

given('053', sub {
    my $lines = `python3 "$Cases::SHARED/053/gen.py"`;
    plan skip_all => 'no python3 to generate the input with' if $?;
    my @lines = split /(?<=\n)/, $lines;
    is(codes(replies_to($lines)), 'limit', 'over-long: one error, then the end; nothing behind it is run');
    is(codes(replies_to(join('', @lines[2 .. $#lines]))), join(' ', ('bad_request') x 4), 'the lines behind it alone: each is answered');
    is(codes(replies_to("search -- a\0b\nhello\n")), 'bad_request ok', 'a NUL spoils its line only');
    is(codes(replies_to("hello\nhello")), 'ok', 'a last line without its end is ignored');
});

given('115', sub {
    for my $line (split /\n/, case_bytes('115', 'l.txt')) {
        my $want = $line =~ /^hello\r?$/ ? 'ok' : 'bad_request';    # a hello is one
        is(codes(replies_to("$line\nhello\n")), "$want ok", "a line like any other: $line");
    }
});

# ---- our own, of the same kinds ----
subtest 'lines at the limit and one byte more' => sub {
    for my $address (undef, $tcp) {
        for my $fill ('a', '\\"', "\xD0\xB6", '"', ' ') {
            my $line = 'search -- ' . $fill x (65526 / length $fill);
            $line .= 'a' x (65536 - length $line);
            is(codes(replies_to("$line\nhello\n", $address)), 'limit ok', 'exactly 65,536 bytes: a query too long, and the next line') ;
            is(codes(replies_to("${line}a\nhello\n", $address)), 'limit', 'one more: the end');
            is(codes(replies_to("$line\r\nhello\n", $address)), 'limit', 'a CR is a byte as well');
        }
        is(codes(replies_to('a' x 1_000_000, $address)), 'limit', 'a line that never ends');
        is(codes(replies_to("hello\n" x 3 . 'a' x 70_000 . " hello\nhello\n", $address)), 'ok ok ok limit', 'what came before it is answered');
        is(codes(replies_to("\0" x 70_000, $address)), 'limit', 'of NULs only');
        is(codes(replies_to("\0\n\0\0\nhello\0\nhello\n", $address)), 'bad_request bad_request bad_request ok', 'lines of NULs');
    }
    is(($d->ask('hello'))->{limits}{request_bytes}, 65536, 'hello tells the limit');
};

subtest 'lengths and greetings of other protocols' => sub {
    for my $bytes ("\$34359738368\r\n", "*3\r\n\$3\r\nSET\r\n", "\$18446744073709551616\n", "\$-9223372036854775808\n", "*1000000000\n", "\$0x7fffffff\n", "4294967295:abc,\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\n", "\xFF\xFF\xFF\xFF\n", "-1\n", "\x80\x00\x00\x00\n") {
        my @replies = replies_to($bytes . "hello\n");
        my $n = () = $bytes =~ /\n/g;
        is(codes(@replies), join(' ', ('bad_request') x $n, 'ok'), 'each line an error, then an answer: ' . Cases::lines_of($bytes) =~ s/\n//r);
    }
    for my $line ('limit=99999999999999999999', 'offset=18446744073709551616', 'limit=-9223372036854775809', 'snippet=4294967296', 'limit=0x10', 'limit=1e3', 'limit=00000000000000000000005x') {
        is(codes(replies_to("search $line -- common\nhello\n")), 'bad_request ok', "a number out of range: $line");
    }
};

subtest 'clients that reset, and clients that close half' => sub {
    my ($loop) = ($d->{pid});
    is(codes(replies_to("hello\n")), 'ok', 'alive');
    my $before = Weft::wait_for(sub { $d->descriptors($loop) }, 'descriptors');
    for my $i (1 .. 300) {
        my $c = $d->connect($i % 2 ? $tcp : undef) or next;
        setsockopt($c->{s}, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0));
        $c->send("search limit=100 -- common\n" x ($i % 7) . ($i % 3 ? '' : 'search -- comm'));
        $c->close;
    }
    is(codes(replies_to("hello\n")), 'ok', 'after 300 resets');
    ok(Weft::wait_for(sub { $d->descriptors($loop) <= $before }, 'the descriptors to be given back'), 'no descriptor is kept');
    for my $address (undef, $tcp) {
        my @replies = replies_to("search limit=100 snippet=2000 -- common\n" x 20, $address);
        is(scalar(grep { $_->{ok} && @{$_->{hits}} == 100 } @replies), 20, 'half-closed: twenty long answers, whole');
    }
};

# Case 059: commits as fast as they go for five seconds under a client that looks all the time.
subtest 'a reader that commits overtake' => sub {
    my $index = Cases->new;
    $index->build(article('a1', 'T'), comment('c0', 'tide'));
    my $daemon = Weft->start(program => "$Cases::B/weft-searchd", index => $index->{index}, args => ['--workers', 2]);
    my $end = time + 5;
    my $writer = fork // die "fork: $!\n";
    if (!$writer) {
        my $n = 0;
        while (time < $end) {
            $index->add(map { comment('c' . ++$n, "tide $n") } 1 .. 10);
        }
        POSIX::_exit($n / 10 > 255 ? 255 : $n / 10);
    }
    my $c = $daemon->connect;
    my ($asked, $bad, $back, $last, $mixed) = (0, 0, 0, 0, 0);
    while (time < $end) {
        $c->send("search limit=100 totals=exact -- tide\n");
        my $r = $c->reply // last;
        $asked++;
        $bad++ unless $r->{ok};
        $back++ if $r->{ok} && $r->{revision} < $last;
        $mixed++ if $r->{ok} && $r->{total}{hits} != 1 + 10 * ($r->{revision} - 1);    # ten a commit, all or none
        $last = $r->{revision} // $last;
    }
    waitpid($writer, 0);
    my $commits = $? >> 8;
    cmp_ok($commits, '>', 2, "the writer committed ($commits times)");
    cmp_ok($asked, '>', 2, "the client asked ($asked times)");
    is($bad, 0, 'no error');
    is($mixed, 0, 'no answer of two revisions');
    is($daemon->ask('count totals=exact -- tide')->{total}{hits}, 1 + 10 * ($daemon->ask('status')->{revision} - 1), 'all is there at the end');
    is($daemon->stop, 0, 'the daemon ends well');
};

is($d->stop, 0, 'the daemon ends well');
is($x->end, 0, 'so does the embedded one');
done_testing;
