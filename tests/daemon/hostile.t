#!/usr/bin/perl
# hostile.t - random bytes, drips, half-closes, oversize, pipelines and churn on lines and HTTP at once: good clients are answered
# throughout, and then the daemon holds what it held before.
#
#     SECONDS=600 SEED=7 perl tests/daemon/hostile.t       # longer, and once more the same; `make soak`
use strict;
use warnings;
use lib 'tests/daemon';
use Hostile;
use Test::More;
use Time::HiRes qw(time);
use Weft;

my $seconds = $ENV{SECONDS} || 6;
my $seed = $ENV{SEED} // int rand 1_000_000;
my $is_sanitized = qx(nm "$Weft::B/weft-searchd" 2>&1) =~ /__asan_init/;
diag("SEED=$seed SECONDS=$seconds");

my @lines = map { qq({"type":"article","id":"a$_","title":"The common tide $_","body":"About the tide, at common hours."}\n) } 1 .. 20;
for my $i (1 .. 400) {
    my $parent = $i > 40 ? sprintf(',"parent":"c%d"', $i - 20) : '';
    push @lines, sprintf qq({"type":"comment","id":"c%d","article":"a%d"%s,"author":"Ann","body":"lamp%dq tide common"}\n), $i, 1 + $i % 20, $parent, $i;
}
my $dir = Weft::index_of(@lines);
my $d = Weft->start(
    program => "$Weft::B/weft-searchd",
    index   => "$dir/index",
    listen  => ['127.0.0.1:0', "unix:$dir/s"],
    http    => ['127.0.0.1:0', "unix:$dir/h"],
    args    => [
        '--workers', 2, '--cache-bytes', 100_000, '--head-timeout-ms', 1000, '--body-timeout-ms', 1000, '--idle-timeout-ms', 2000,
        '--write-timeout-ms', 1000, '--max-per-address', 24
    ],
    env => {ASAN_OPTIONS => join ':', grep { defined } $ENV{ASAN_OPTIONS}, 'quarantine_size_mb=8'}
);
$d->{socket} = "$dir/s";
my @addresses = ((map { [$_, 0] } $d->addresses), (map { [$_, 1] } $d->http_addresses));
is(scalar(@addresses), 4, 'lines and HTTP, each on a Unix socket and TCP');

# Kilobytes of memory of the event loop that are its own.
sub resident {
    open(my $fh, '<', "/proc/$d->{pid}/status") or return 0;
    return (map { /^RssAnon:\s+(\d+)/ ? $1 : () } <$fh>)[0] // 0;
}

# A client that does as it should: a question over lines and one over HTTP, by turns, each on a connection of its own or kept.
my ($asked, $busy, $wrong, %why) = (0, 0, 0);

sub note_wrong {
    my ($why) = @_;
    $wrong++;
    $why{$why}++;
}

sub be_good {
    my $hit = 1 + int rand 400;
    my $line = $d->ask("search limit=3 id=$hit -- lamp${hit}q");
    my $ok = $line && $line->{id} eq $hit && ($line->{ok} ? ($line->{hits}[0]{ref} // '') eq "comment:c$hit" : 0);
    my $code = $line ? $line->{error}{code} // '' : 'hung up';
    if ($code eq 'busy') { $busy++ }
    elsif (!$ok) { note_wrong("a line: $code") }
    my $c = $d->connect("unix:$dir/h") or return note_wrong('no connection');
    $c->send("GET /v1/search?q=lamp${hit}q HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\nGET /healthz HTTP/1.1\r\n");
    my $a = $c->answer;
    if ($a && $a->{status} == 503) { $busy++ }
    elsif (!$a || $a->{status} != 200 || ($a->{json}{hits}[0]{ref} // '') ne "comment:c$hit") { note_wrong('HTTP: ' . ($a ? $a->{status} : 'hung up')) }
    $asked += 2;
    return;
}

be_good() for 1 .. 50;
is($wrong, 0, 'good clients are answered before');
my @before = (Weft->descriptors($d->{pid}), resident());

my @gang;
for my $i (1 .. 4) {
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        alarm $seconds + 60;
        my $done = Hostile::misbehave($d, $seed + $i, time + $seconds, @addresses);
        open(my $fh, '>', "$dir/done.$i") or POSIX::_exit(1);
        print $fh map { "$_\t$done->{$_}\n" } sort keys %$done;
        close($fh);
        POSIX::_exit(0);
    }
    push @gang, $pid;
}
srand $seed;
my ($end, $longest, $failed) = (time + $seconds, 0, 0);
while (time < $end && !$d->ended) {
    my $start = time;
    be_good();
    $longest = time - $start if time - $start > $longest;
}
for (@gang) {
    waitpid($_, 0);
    $failed++ if $?;
}
is($failed, 0, 'the hostile ones got to their end');
ok(!$d->ended, 'the daemon is there');
is($wrong, 0, 'good clients are answered throughout') or diag(explain(\%why));
cmp_ok($asked, '>', 20, 'many of them');
cmp_ok($busy, '<', $asked / 20, 'and seldom told to come again') or diag("busy $busy of $asked");

my %sum;
for my $file (glob "$dir/done.*") {
    open(my $fh, '<', $file) or next;
    while (<$fh>) { my ($name, $n) = /^(.*)\t(\d+)$/; $sum{$name} += $n }
}
is_deeply([grep { !$sum{$_} } 'churn', sort keys %Hostile::tricks], [], 'every trick was tried');
diag(sprintf '%d good requests, the longest two together %.0f ms, busy %d; %s', $asked, $longest * 1000, $busy, join ', ', map { "$_ $sum{$_}" } sort keys %sum);

ok(Weft::wait_for(sub { Weft->descriptors($d->{pid}) <= $before[0] }, 'descriptors to come back'), 'every descriptor is given back');
my @after = (Weft->descriptors($d->{pid}), resident());
diag("descriptors before $before[0], after $after[0]; kB of the loop's own memory before $before[1], after $after[1]");
cmp_ok($after[1], '<', $before[1] + ($is_sanitized ? 64 : 8) * 1024, 'and memory, but for what malloc keeps in hand');
be_good() for 1 .. 50;
is($wrong, 0, 'good clients are answered after');
is((() = $d->log =~ /event=worker_died .*(?:signal|status)=/g), 0, 'no worker died of itself') or diag($d->log =~ /^(.*worker_died.*)$/mg);
is($d->stop, 0, 'the daemon ends well');
done_testing;
