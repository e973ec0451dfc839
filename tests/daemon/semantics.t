#!/usr/bin/perl
# semantics.t - random queries over random archives against an evaluation of every document by hand (Brute.pm).
#
# SEEDS=7 or SEEDS=100..200 tries others than the fixed ones.
use strict;
use warnings;
use lib 'tests/daemon';
use File::Temp;
use IPC::Open2;
use Test::More;
use Brute;

$ENV{TZ} = 'UTC';
POSIX::tzset();
my $B = $ENV{B} || 'build';
my ($first, $last) = ($ENV{SEEDS} || '1..40') =~ /^(\d+)(?:\.\.(\d+))?$/ or die "SEEDS is N or N..M\n";
my $QUERIES = 60;
my $LINES   = 40;    # requests on the way at a time, fewer than the server reads ahead

# An index of these lines, in a directory of its own.
sub index_of {
    my ($lines) = @_;
    my $dir = File::Temp->newdir;
    open(my $fh, '>', "$dir/in.ndjson") or die $!;
    print $fh $lines;
    close $fh;
    system("$B/weft-indexer build -i $dir/index $dir/in.ndjson >$dir/out 2>&1") == 0 or die "build: $dir: " . `cat $dir/out`;
    return $dir;
}

# The reply to each request line, of one weft-searchd over a pipe.
sub ask {
    my ($dir, @requests) = @_;
    my $pid = open2(my $out, my $in, "$B/weft-searchd", '--stdio', '-i', "$dir/index", '--log-level', 'error');
    my @replies;
    while (my @some = splice @requests, 0, $LINES) {
        print $in map { "$_\n" } @some;
        $in->flush;
        push @replies, scalar <$out> for @some;
    }
    close $in;
    waitpid $pid, 0;
    return @replies;
}

# The references in a reply, of one tier, in its order.
sub refs {
    my ($reply, $relaxed) = @_;
    my @all;
    while ($reply =~ /\{"ref":"([^"]+)".*?"relaxed":(true|false)/g) {
        push @all, $1 if ($2 eq 'true') == $relaxed;
    }
    return @all;
}

# What the archive must answer, in the form found_in gives of a reply. With $sort '' only as sets.
sub expected {
    my ($archive, $tree, $sort) = @_;
    my @hits    = $archive->hits($tree);
    my @relaxed = $archive->relaxed($tree);
    my %threads = map { $_->{article} => 1 } @hits;
    return join "\n", 'hits ' . @hits . ' threads ' . keys(%threads) . ' relaxed ' . @relaxed,
        map { join ' ', map { $_->{ref} } $archive->ordered($sort || 'newest', @$_) } \@hits, \@relaxed;
}

sub found_in {
    my ($reply, $archive, $sort) = @_;
    return "no answer: $reply" unless $reply =~ /"ok":true/ && $reply =~ /"partial":false/;
    return "totals: $reply" unless $reply =~ /"total":\{"hits":(\d+),"threads":(\d+),"exact":true,"relaxed":(\d+)\}/;
    my $totals = "hits $1 threads $2 relaxed $3";
    my %by = map { $_->{ref} => $_ } @{$archive->{documents}};
    return join "\n", $totals, map {
        my @got = refs($reply, $_);
        my @unknown = grep { !$by{$_} } @got;
        @unknown ? "not public: @unknown" : join ' ', $sort ? @got : map { $_->{ref} } $archive->ordered('newest', @by{@got})
    } 0, 1;
}

# Each query once by score, where the order is ranking's, and once by a key, where it is part of the meaning.
sub try_archive {
    my ($seed) = @_;
    my $archive = Brute->new($seed);
    my $dir     = index_of($archive->ndjson);
    my @queries = map { $archive->query } 1 .. $QUERIES;
    my @sorts   = map { ('', qw(newest oldest votes)[$_ % 3]) } 0 .. $#queries;
    my @requests = map {
        my $sort = $sorts[$_];
        'search limit=100 snippet=1 context=none ' . ($sort && "sort=$sort ") . "-- $queries[$_ / 2]{text}"
    } 0 .. $#sorts;
    my @replies = ask($dir, @requests);
    my $wrong = 0;
    for my $i (0 .. $#requests) {
        my $want = expected($archive, $queries[$i / 2]{tree}, $sorts[$i]);
        my $got  = found_in($replies[$i] // 'nothing', $archive, $sorts[$i]);
        next if $got eq $want;
        diag("seed $seed: $requests[$i]\nexpected $want\nfound    $got") if $wrong++ < 3;
    }
    is($wrong, 0, "archive $seed: " . @{$archive->{documents}} . " documents, $QUERIES queries");
}

try_archive($_) for $first .. $last // $first;
done_testing;
