#!/usr/bin/perl
# lines.t - the lines protocol: both forms, order, refusals, the ends of a connection.
use strict;
use warnings;
use lib 'tests/daemon';
use Test::More;
use Weft;

my $d = Weft->start(listen => ['127.0.0.1:0', 'unix:' . (my $tmp = File::Temp->newdir) . '/s'], args => ['--workers', 2]);
$d->{socket} = "$tmp/s";
my ($tcp) = grep { !/^unix/ } $d->addresses;
my $c = $d->connect;

$c->send("hello id=1\n");
my $hello = $c->reply;
is_deeply([@$hello{qw(id server protocol)}], [1, 'weft-searchd', 1], 'hello says who answers');
is_deeply($hello->{limits}, {request_bytes => 65536, pipeline => 64, hits => 100, window => 10000, query_bytes => 1024},
    'hello tells the limits');
ok((grep { $_ eq 'hello' } @{$hello->{commands}}), 'hello lists the commands');

$c->send(qq({"cmd":"hello","id":"x"}\r\nhello\r\n));
is($c->reply->{id}, 'x', 'JSON form, a CR before the LF');
my $plain = $c->reply;
ok($plain->{ok} && !exists $plain->{id}, 'no id asked, none given');

# Two workers; the second request is done long before the first.
$c->send("test id=1 sleep_ms=300\ntest id=2\nhello id=3\nnonsense id=4\n");
my @r = $c->replies(4);
is_deeply([map { $_->{id} } @r], [1, 2, 3, 4], 'replies come in the order of the requests');
isnt($r[0]{pid}, $r[1]{pid}, 'by different workers');
is($r[3]{error}{code}, 'bad_request', 'and so do refusals');

# The text of a request is the same by every road (case 065).
for my $text ('soup day', 'available "not available"', "tab\tword", '%20soup+day', 'back\\slash', "\xD1\x91", ' -- x=1') {
    my $json = $text =~ s/(["\\])/\\$1/gr =~ s/\t/\\t/gr;
    my ($a) = $d->connect;
    $a->send("test -- $text\n" . qq({"cmd":"test","text":"$json"}\n));
    my $b = $d->connect($tcp);
    $b->send("test -- $text\n");
    my @got = map { utf8::encode(my $t = $_->{text}); $t } $a->replies(2), $b->reply;
    is_deeply(\@got, [$text, $text, $text], "text as it is: $text");
}

# Every refusal names what is wrong, under the id, and the connection goes on.
my @bad = (
    ['nonsense',                     qr/unknown command 'nonsense'/],
    ['Hello',                        qr/no command/],
    ['',                             qr/empty/],
    ['test colour=red',              qr/unknown key 'colour': test takes id, act, sleep_ms/],
    ['test sleep_ms=1 sleep_ms=2',   qr/'sleep_ms' is given twice/],
    ['test sleep_ms=soon',           qr/'sleep_ms' must be an integer from 0 to 60000/],
    ['test sleep_ms=60001',          qr/'sleep_ms' must be an integer from 0 to 60000/],
    ['test sleep_ms=-1',             qr/'sleep_ms' must be an integer from 0 to 60000/],
    ['test act=dance',               qr/'act' must be one of echo, hang, /],
    ['test text=',                   qr/'text' must be at least 1 bytes/],
    ['test text=a -- b',             qr/'text' is given twice/],
    ['hello -- x',                   qr/hello takes no text/],
    ['hello x=1',                    qr/unknown key 'x': hello takes only id/],
    ['{"cmd":"test","sleep_ms":"5"}', qr/'sleep_ms' must be an integer/],
    ['{"cmd":"test","sleep_ms":5.0}', qr/'sleep_ms' must be an integer/],
    ['{"cmd":"test","text":5}',      qr/'text' must be a string/],
    ['{"cmd":"test","text":null}',   qr/'text' must be a string/],
    ['{"cmd":"test","text":"a","text":"b"}', qr/text/],
    ['{"cmd":"test"',                qr/bad JSON/],
    ['{"id":1}',                     qr/'cmd' is missing/],
    ["test -- \xFF",                 qr/UTF-8/],
    ["test -- a\0b",                 qr/NUL/],
);
for my $row (@bad) {
    my ($line, $pattern) = @$row;
    $c->send("$line\nhello id=next\n");
    my ($refused, $next) = $c->replies(2);
    is($refused->{error}{code}, 'bad_request', "refused: $line") or diag explain $refused;
    like($refused->{error}{message}, $pattern, '... by name');
    is($next->{id}, 'next', '... and the next line is answered');
}
$c->send("test id=7 sleep_ms=soon\n");
is($c->reply->{id}, 7, 'a refusal carries the id');

my %long = (1024 => 'ok', 1025 => 'limit');
for my $n (sort keys %long) {
    $c->send('test -- ' . 'a' x $n . "\n");
    my $r = $c->reply;
    is($r->{ok} ? 'ok' : $r->{error}{code}, $long{$n}, "a string of $n bytes where 1024 are allowed");
}

$c->send('hello i');
$c->send("d=9\nhel");
is($c->reply->{id}, 9, 'a line in pieces');

# Half-closed: everything asked is answered, the line without LF is not a line.
for my $address (undef, $tcp) {
    my $h = $d->connect($address);
    $h->send("test id=1 sleep_ms=200\ntest id=2\nhello id=3\nhello id=4");
    $h->end_requests;
    is_deeply([map { $_->{id} } $h->replies(3)], [1, 2, 3], 'a half-closed client gets its full answers');
    is($h->line, undef, 'then the end; the unfinished line is ignored');
}

$c->send(join '', map {"test id=$_\n"} 1 .. 300);
is_deeply([map { $_->{id} } $c->replies(300)], [1 .. 300], '300 requests at once, all answered in order');

is($d->stop, 0, 'exit status');

# Standard input and output, from a pipe and from a file.
my $asked = File::Temp->new;
print $asked "test id=1 sleep_ms=100\nhello id=2\ntest id=3 -- last\nhello id=4";
close $asked;
for my $input ("<$asked", "cat $asked |") {
    my $command = $input =~ /^</ ? "$Weft::B/tests/weft-searchd-test --stdio -i $Weft::INDEX $input"
        : "$input $Weft::B/tests/weft-searchd-test --stdio -i $Weft::INDEX";
    my @out = map { JSON::PP::decode_json($_) } split /\n/, `$command`;
    is($?, 0, "--stdio ends with its input: $input");
    is_deeply([map { $_->{id} } @out], [1, 2, 3], '... after all answers');
    is($out[2]{text}, 'last', '... of the same commands');
}
done_testing;
