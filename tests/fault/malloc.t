#!/usr/bin/perl
# malloc.t - one allocation of a run fails, each in its turn (in steps): no crash, no hang, a documented exit status, and an
# index that holds what it held or all that was asked for, never half.
use strict;
use warnings;
use lib 'tests/fault';
use Test::More;
use Fault;

my $shim = "$B/tests/fault/fail_malloc.so";
plan skip_all => "no $shim: a sanitizer does not start behind it" if !-f $shim;
$shim = "$ENV{PWD}/$shim" if $shim !~ m{^/};
my %env = (LD_PRELOAD => $shim, WEFT_FAIL_REPORT => "$dir/report");

# What a run said of its end, or undef when that is all right. Signals are excused where a library is at fault: see
# fail_malloc.c.
sub complaint {
    my ($n, $status, $err, $last) = @_;
    my $report = slurp('report');
    return undef if $report =~ /^failed \S/m;
    return "$n: no end in time" if $status == 124 || $status == 137;
    return "$n: signal " . ($status - 128) . ": $err" if $status > 127;
    return "$n: exit $status: $err" if $status > $last;
    return "$n: exit $status and no reason" if $status > 1 && $err eq '' && slurp('out') eq '';
    return undef;
}

# Every step-th allocation of a command fails; check is called after each with its status. The part `told` of them is to be told.
sub torture {
    my ($name, $command, $last, $step, $check, $told) = @_;
    unlink "$dir/report";
    my ($status, undef, $err) = run($command, %env);
    is($status, 0, "$name: nothing fails") or diag($err);
    my ($count) = sort { $b <=> $a } slurp('report') =~ /^count (\d+)/mg;
    my ($failed, $refused, @bad) = (0, 0);
    for (my $n = 1; $n <= ($count // 0); $n += $step) {
        unlink "$dir/report";
        ($status, undef, $err) = run($command, %env, WEFT_FAIL_AT => $n);
        push @bad, grep { defined } complaint($n, $status, $err, $last), $check ? $check->($n, $status) : undef;
        $failed++ if slurp('report') =~ /^failed/m;
        $refused++ if $status != 0 || $err ne ''; # a sandbox that cannot be had is a warning
    }
    is_deeply(\@bad, [], "$name: $failed failures are borne");
    cmp_ok($refused, '>', $failed * ($told // .5), "$name: most of them are told");
    return;
}

my $index = make_index("$dir/index");
my $before = exported($index);
my ($status, undef, $err) = run("$B/weft-indexer build -i $dir/whole $dir/all.ndjson");
is($status, 0, 'an unbroken build') or diag($err);
my $after = exported("$dir/whole");

# Back to the old records after each run that brought the new ones in.
sub old_or_new {
    my ($n, $status) = @_;
    my $now = exported($index);
    return "$n: the index cannot be read" if !defined $now;
    return "$n: exit 0, and the records are not in" if $status == 0 && $now ne $after;
    return "$n: the index holds neither the old nor the new" if $now ne $before && $now ne $after && $status != 1;
    make_index($index) if $now ne $before;
    return undef;
}

# The test of the bulk writer at the start makes most of its allocations: longer steps.
my $build = "$B/weft-indexer build -i $index $dir/all.ndjson";
torture('convert', "$B/weft-indexer convert $dir/all.ndjson", 5, 3);
torture('convert a page', "$B/weft-indexer convert --format page corpus/tram-line-nine.txt", 5, 11);
spew('page.html', '<html lang=en><head><title>T - S</title></head><body class="postid-7"><h1 class="entry-title">T</h1>'
        . '<div class="entry-content"><p>A text.</p></div><ol class="commentlist"><li id="comment-5" class="comment"><cite class="fn">A</cite>'
        . '<time datetime="2020-01-01T00:00:00Z">1</time><div class="comment-content"><p>One</p></div><ol class="children"><li id="comment-6"'
        . ' class="comment"><cite class="fn">B</cite><div class="comment-content"><p>Two</p></div></li></ol></li></ol></body></html>');
torture('convert a saved page', "$B/weft-indexer convert --format html $dir/page.html", 5, 3);
# libseccomp bears most of its own in silence.
torture('search', "$B/weft search -i $dir/whole 'bridge author:Bob'", 3, 5, undef, .25);
torture('build', "$build --writer xapian", 5, 11, \&old_or_new);
torture('build in bulk', "$build --writer bulk", 5, 443, \&old_or_new);
torture('add', "$B/weft-indexer add -i $index $dir/new.ndjson", 5, 11, \&old_or_new);
torture('add --follow', "$B/weft-indexer add -i $index --follow - <$dir/new.ndjson", 5, 37, \&old_or_new);

# From one allocation on none succeeds: what is given up on the way out must not need any.
$env{WEFT_FAIL_ON} = 1;
torture('build, memory gone', "$build --writer xapian", 5, 53, \&old_or_new);
torture('build in bulk, memory gone', "$build --writer bulk", 5, 1999, \&old_or_new);
torture('add, memory gone', "$B/weft-indexer add -i $index $dir/new.ndjson", 5, 53, \&old_or_new);
done_testing();
