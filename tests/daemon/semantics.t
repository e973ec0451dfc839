#!/usr/bin/perl
# semantics.t - random queries over random archives against an evaluation of every document by hand (Brute.pm).
#
# SEEDS=7 or SEEDS=100..200 tries others than the fixed ones.
use strict;
use warnings;
use lib 'tests/daemon';
use JSON::PP ();
use POSIX ();
use Test::More;
use Brute;
use Weft;

$ENV{TZ} = 'UTC';
POSIX::tzset();
my ($first, $last) = ($ENV{SEEDS} || '1..40') =~ /^(\d+)(?:\.\.(\d+))?$/ or die "SEEDS is N or N..M\n";
my $QUERIES = 60;

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
    my ($archive, $tree, $sort, $type) = @_;
    my @hits    = grep { !$type || $_->{type} eq $type } $archive->hits($tree);
    my @relaxed = grep { !$type || $_->{type} eq $type } $archive->relaxed($tree);
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
    my $dir     = Weft::index_in_parts($seed, split /^/, $archive->ndjson);
    my @queries = map { $archive->query } 1 .. $QUERIES;
    my @sorts   = map { ('', qw(newest oldest votes replies)[$_ % 4]) } 0 .. $#queries;
    my @types   = map { ('', '', '', '', '', 'comment', '', 'article')[$_ % 8] } 0 .. $#sorts;
    my @requests = map {
        my ($sort, $type) = ($sorts[$_], $types[$_]);
        'search limit=100 snippet=1 context=none ' . ($sort && "sort=$sort ") . ($type && "type=$type ") . "-- $queries[$_ / 2]{text}"
    } 0 .. $#sorts;
    my @replies = Weft::ask_pipe($dir, @requests);
    my $wrong = 0;
    for my $i (0 .. $#requests) {
        my $want = expected($archive, $queries[$i / 2]{tree}, $sorts[$i], $types[$i]);
        my $got  = found_in($replies[$i] // 'nothing', $archive, $sorts[$i]);
        next if $got eq $want;
        diag("seed $seed: $requests[$i]\nexpected $want\nfound    $got") if $wrong++ < 3;
    }
    is($wrong, 0, "archive $seed: " . @{$archive->{documents}} . " documents, $QUERIES queries");
}

# Stop words, stems and folding, on a conversation small enough to be read. Relaxed hits are marked ~.
my @FIXED = (
    ['the', 'a1 c2 ~c1 ~c3 ~c4'],                # a stop word counts when there is nothing else
    ['the who', 'c2 ~a1 ~c1 ~c3 ~c4'],
    ['who ferry', 'a1 c1 ~c2 ~c3 ~c4'],          # ... and is left out beside another word,
    ['who OR ferry', 'a1 c1 ~c2 ~c3 ~c4'],
    ['(the) ferry', 'a1 c1 ~c2 ~c3 ~c4'],
    ['"not to be" the', 'c3'],                   # or beside a phrase
    ['the -ferry', 'c2 ~c3 ~c4'],                # but not beside an exclusion only
    ['the author:bob', 'c2 ~c1'],
    ['ferry -the', 'c1 ~c3 ~c4'],                # excluded, it always counts
    ['-the', 'c1 c3 c4'],
    ['"to be"', 'c3'],                           # as it does in phrases, NEAR and fields
    ['the NEAR/1 who', 'c2'],
    ['title:the', 'a1'],
    ['title:the ferry', 'a1'],
    ['of', ''],
    ['running', 'a1 c1'],                        # any form finds any other,
    ['runs', 'a1 c1'],
    ['ferries', 'a1 c1 ~c2 ~c3 ~c4'],
    ['title:ferries', 'a1'],
    ['-ferries', 'c2 c3 c4'],
    ['=running', 'c1'],                          # but not where it is to stand as it is written
    ['=runs', 'a1'],
    ['=run', ''],
    ['"ferry runs"', 'a1'],
    ['"ferry running"', ''],
    ['cafe', 'c4'],
    ['"MULLER STRASSE"', 'c4'],
    ['="Straße"', 'c4'],
    ['', ''],
    ['()', ''],
    ['...', ''],
    ['-', '']);

sub try_fixed {
    my $dir = Weft::index_of(<<'END');
{"type":"article","id":"a1","title":"The ferry","body":"A ferry runs to the island.","author":"Ann","date":"2013-05-01"}
{"type":"comment","id":"c1","article":"a1","author":"Bob","date":"2013-05-02","body":"Ferries were running late again."}
{"type":"comment","id":"c2","article":"a1","author":"Bob","date":"2013-05-03","body":"Who are the Who?"}
{"type":"comment","id":"c3","article":"a1","author":"Cat","date":"2013-05-04","body":"Not to be"}
{"type":"comment","id":"c4","article":"a1","author":"Cat","date":"2013-05-05","body":"Caf\u00e9 M\u00fcller, stra\u00dfe"}
END
    my @replies = Weft::ask_pipe($dir, map { "search limit=100 sort=oldest -- $_->[0]" } @FIXED);
    for my $i (0 .. $#FIXED) {
        my $found = join ' ', refs_of_hits($replies[$i], 0), map { "~$_" } refs_of_hits($replies[$i], 1);
        is($found, $FIXED[$i][1], "found: $FIXED[$i][0]");
    }
}

sub refs_of_hits {
    my ($reply, $relaxed) = @_;
    my $hits = JSON::PP->new->utf8->decode($reply)->{hits};
    return map { $_->{ref} =~ s/.*://r } grep { !!$_->{relaxed} == $relaxed } @$hits;
}

# What is read as nothing says so once.
sub try_nothing {
    my $dir = Weft::index_of(qq({"type":"article","id":"a1","title":"Soup"}\n));
    for my $reply (Weft::ask_pipe($dir, 'search -- ', 'search -- ()', 'search -- ...', 'search -- ""')) {
        my @said = grep { $_->{message} eq 'no searchable words' } @{JSON::PP->new->utf8->decode($reply)->{warnings}};
        is(scalar @said, 1, 'no searchable words');
    }
}

try_fixed();
try_nothing();
try_archive($_) for $first .. $last // $first;
done_testing;
