#!/usr/bin/perl
# killed.t - kill -9 of the writer and of workers: the index is as before or as after, a rerun ends as an unbroken run does,
# and a worker takes one request with it.
#
# The writer is killed by strace on entering its Nth call that changes a file, for N spread over all of a run's calls and the last four: the
# moment is one of progress. The seed of the records and moments is fixed.
use strict;
use warnings;
use lib 'tests/daemon';
use Test::More;
use JSON::PP ();
use Weft;

srand(20130503);
my $tmp     = File::Temp->newdir;
my $indexer = "$Weft::B/weft-indexer";
my $calls   = join ',', map { "?$_" } qw(write pwrite64 fsync fdatasync ftruncate flock link linkat symlink symlinkat mkdir mkdirat
    rmdir unlink unlinkat rename renameat renameat2);
$ENV{ASAN_OPTIONS} = 'detect_leaks=0';    # which cannot be under strace

sub write_lines {
    my ($path, @records) = @_;
    open(my $fh, '>', $path) or die "$path: $!\n";
    print $fh JSON::PP->new->canonical->encode($_), "\n" for @records;
    close $fh or die "$path: $!\n";
}

my @words = qw(bridge toll ferry harbour silt council vote tram fare lamp);
sub text { return join ' ', map { $words[rand @words] } 1 .. 5 + rand 40 }
sub comment {
    my ($n, %more) = @_;
    return {type => 'comment', id => "c$n", article => 'a' . $n % 20, $n >= 60 ? (parent => 'c' . ($n - 20 * (1 + int rand 3))) : (),
        author => "author $n", date => 1000 * $n, body => text(), %more};
}

my @articles = map { {type => 'article', id => "a$_", title => text(), body => text()} } 0 .. 19;
write_lines("$tmp/first", @articles, map { comment($_) } 20 .. 219);
write_lines("$tmp/second", {type => 'article', id => 'a3', title => 'another headline'}, (map { comment($_) } 200 .. 259),
    (map { {type => 'delete', ref => "comment:c$_", rev => 1} } 60 .. 69), comment(100, article => 'a7'), comment(101, status => 'hidden'),
    {type => 'article', id => 'a5', status => 'deleted'});
write_lines("$tmp/third", @articles[0 .. 14], map { comment($_) } 20 .. 149);

# What the indexer prints; nothing of it may be lost to a status that is not looked at.
sub indexer {
    my ($command, $i, @more) = @_;
    my $out = qx($indexer $command -i $i @more 2>&1);
    return $? == 0 ? $out : "status $?: $out";
}

sub fresh {
    system("rm -rf $tmp/i && cp -a $tmp/base $tmp/i") == 0 or die "cp\n";
}

indexer('build', "$tmp/base", '-q', "$tmp/first") for 1, 2;    # so that a third has a generation to remove
my $before = indexer('export', "$tmp/base");
my $traced = system("strace -o $tmp/log true 2>$tmp/err") == 0;

# The calls of a run, each as strace is told it: strace counts the calls of each name apart.
sub moments_of {
    my ($path) = @_;
    my (%seen, @moments);
    open(my $log, '<', $path) or die "$path: $!\n";
    while (<$log>) {
        push @moments, "$1:signal=KILL:when=" . ++$seen{$1} if /^\d+\s+(\w+)\(/;
    }
    return @moments;
}

# A command killed at `times` moments of its run, each then run again.
sub break_and_rerun {
    my ($command, $input, $times) = @_;
    fresh();
    system("strace -f -o $tmp/log -e trace=$calls $indexer $command -i $tmp/i $tmp/$input >$tmp/out") == 0 or die "strace\n";
    my $after = indexer('export', "$tmp/i");
    my ($revision) = indexer('stats', "$tmp/i") =~ /revision\s+(\d+)/;
    my @moments = moments_of("$tmp/log");
    my $count   = @moments;
    cmp_ok($count, '>', $times, "$command changes files by $count calls");
    isnt($after, $before, '... and something by them');
    my %seen = (before => 0, after => 0);
    for my $n ((map { int(($_ + rand) * ($count - 4) / ($times - 4)) } 0 .. $times - 5), $count - 4 .. $count - 1) {
        fresh();
        my $status = system("strace -f -o $tmp/log -e trace=$calls -e inject=$moments[$n] "
            . "$indexer $command -i $tmp/i $tmp/$input >$tmp/out 2>$tmp/err");
        my $left = indexer('export', "$tmp/i");
        my $is = $left eq $before ? 'before' : $left eq $after ? 'after' : "neither: $left";
        $seen{$is}++;
        my $again = indexer($command, "$tmp/i", '-q', "$tmp/$input");
        my $name  = "$command killed at call $n of $count, $moments[$n]";
        ok($status != 0, "$name ends so");
        ok($is =~ /^(before|after)$/, "... and leaves all or nothing ($is)");
        is($again, '', '... and runs again, no lock in its way');
        is(indexer('export', "$tmp/i"), $after, '... to the end of an unbroken run');
        my ($now) = indexer('stats', "$tmp/i") =~ /revision\s+(\d+)/;
        ok($now == $revision || $command eq 'build' && $is eq 'after' && $now == $revision + 1, "... of its revision ($now)");
        my @extra = grep { !m{/(current|lock|build\.lock|journal|weft\.json|gen-\d+)$} } glob "$tmp/i/*";
        is("@extra", '', '... and nothing else is left');
        cmp_ok(scalar(() = glob "$tmp/i/gen-*"), '<=', 2, '... at most one old generation');
    }
    cmp_ok($seen{$_}, '>', 0, "$command: some moments were $_ the commit") for 'before', 'after';
    return;
}

SKIP: {
    skip 'strace is not there or may not trace', 1 unless $traced;
    break_and_rerun('add', 'second', 20);
    break_and_rerun('build', 'third', 12);
}

# Workers. One is stopped first, so that the request is surely with it.
my $d = Weft->start(index => "$tmp/base", program => "$Weft::B/weft-searchd", args => ['--workers', 1, '--timeout-ms', 1000, '--cache-bytes', 0]);
my $c = $d->connect;
$c->send("search id=1 -- ferry\n");
my $first = $c->reply;
ok($first->{ok} && @{$first->{hits}} == 10, 'an answer');

sub stopped_worker {
    my ($pid) = $d->workers;
    kill('STOP', $pid);
    Weft::wait_for(sub {
        open(my $fh, '<', "/proc/$pid/stat") or return 0;
        return <$fh> =~ /\) T /;
    }, 'the worker to stop');
    return $pid;
}

# What the loop answers by itself, twice, comes after it has read and handed on what was sent before.
sub hand_on {
    my $other = $d->connect;
    for (1 .. 2) {
        $other->send("nonsense\n");
        $other->reply;
    }
    return;
}

my $pid = stopped_worker();
$c->send("search id=2 -- ferry\nsearch id=3 -- ferry\n");
hand_on();
kill('KILL', $pid);
my ($lost, $next) = $c->replies(2);
is_deeply([$lost->{id}, $lost->{ok}, $lost->{error}{code}], [2, JSON::PP::false, 'internal'], 'a killed worker: an error with the id');
delete @$next{qw(id took_ms next)};
delete @$first{qw(id took_ms next)};
is_deeply($next, $first, '... and the next one has its answer');

stopped_worker();
$c->send("search id=4 -- ferry\nsearch id=5 -- ferry\n");
($lost, $next) = $c->replies(2);
is_deeply([$lost->{id}, $lost->{error}{code}], [4, 'timeout'], 'a stopped worker: a timeout with the id');
delete @$next{qw(id took_ms next)};
is_deeply($next, $first, '... and the next one has its answer');
isnt(($d->workers)[0], $pid, '... of another worker');
is($d->stop, 0, 'exit status');
done_testing;
