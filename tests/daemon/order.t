#!/usr/bin/perl
# The order of the input does not matter: random conversations, in one build or in many adds, have the same export, the same
# counts and the same answers. And a build from an export exports the same bytes.
use strict;
use warnings;
use lib 'tests/daemon';
use Weft;
use List::Util qw(shuffle);
use Test::More;

my $json  = JSON::PP->new->canonical;
my $dir   = File::Temp->newdir;
my $made  = 0;
my @words = qw(bridge ferry toll harbour quarry mussel permit winter bridges lantern);
my ($ARTICLES, $COMMENTS) = (9, 160);

sub pick { return $_[rand @_] }
sub text { return join ' ', map { pick(@words) } 1 .. 1 + rand shift }

# Mostly a comment of the same article, with many cycles among them; now and then of any, of one that never comes, a marker.
sub parent_of {
    my ($n) = @_;
    my $die = rand;
    return () if $die < 0.15;
    return (parent => 'never' . int rand 3) if $die < 0.2;
    return (parent => pick(undef, '0', 'root', '')) if $die < 0.25;
    return (parent => 'c' . int rand $COMMENTS) if $die < 0.35;
    return (parent => 'c' . ($n % $ARTICLES + $ARTICLES * int rand($COMMENTS / $ARTICLES)));
}

sub comment {
    my ($id, $article, @parent) = @_;
    return {type => 'comment', id => $id, article => $article, author => pick('Ann', 'Bob', 'Reasonable, 2,3'), body => text(12),
        rand() < 0.9 ? (date => 1_300_000_000 + int rand 40) : (), @parent};
}

# The versions of one comment, by rev. One that ends deleted was always at the same place, since a delete names none; one
# under the article that is deleted, whose comments go with it and are not remembered, was never under another.
sub versions_of_comment {
    my ($n) = @_;
    my ($id, $article) = ("c$n", 'a' . $n % $ARTICLES);
    my @others  = $article eq 'a2' ? 'a2' : grep { $_ ne 'a2' } map {"a$_"} 0 .. $ARTICLES - 1;
    my @parent  = parent_of($n);
    my $die     = rand;
    return comment($id, $article, @parent) if $die < 0.5;
    my $deleted  = $die > 0.85;
    my @versions = map { comment($id, $deleted || rand() < 0.7 ? $article : pick(@others),
        $deleted || rand() < 0.5 ? @parent : parent_of($n)) } 0 .. 1 + rand 2;
    for my $v (@versions) {
        $v->{status} = pick('hidden', 'pending') if rand() < 0.25;
    }
    push @versions, {type => 'delete', ref => "comment:$id"} if $deleted;
    my $rev = int rand 5;
    $_->{rev} = $rev += 1 + int rand 3 for @versions;
    return @versions;
}

# Article 0 never comes; 1 ends hidden, 2 deleted, 3 was hidden and is public.
sub versions_of_article {
    my ($n) = @_;
    return () if $n == 0;
    my %of = (type => 'article', id => "a$n", title => text(4), body => text(30), date => 1_200_000_000 + $n);
    my @status = $n == 1 ? ('public', 'hidden') : $n == 3 ? ('hidden', 'public') : ();
    return ({%of, rev => 1}, {type => 'delete', ref => "article:a$n", rev => 2}) if $n == 2;
    return ({%of, rev => 4, status => $status[0]}, {%of, rev => 5, status => $status[1], title => text(4)}) if @status;
    return {%of};
}

sub make_records {
    return (map { versions_of_article($_) } 0 .. $ARTICLES - 1), map { versions_of_comment($_) } 0 .. $COMMENTS - 1;
}

my $indexer = "$Weft::B/weft-indexer";

sub feed {
    my ($command, $index, @records) = @_;
    my $file = "$dir/records";
    open(my $out, '>', $file) or die "$file: $!\n";
    print $out map { $json->encode($_) . "\n" } @records;
    close $out;
    system($indexer, $command, '-q', '-i', $index, $file) == 0 or die "$command failed\n";
    return $index;
}

# In n adds of random sizes.
sub add_in {
    my ($n, @records) = @_;
    my $index = "$dir/index" . $made++;
    my @ends  = sort { $a <=> $b } map { 1 + int rand(@records - 1) } 2 .. $n;
    my $from  = 0;
    for my $end (@ends, scalar @records) {
        next if $end == $from;
        feed('add', $index, @records[$from .. $end - 1]);
        $from = $end;
    }
    return $index;
}

sub build_of { return feed('build', "$dir/index" . $made++, @_) }
sub export_of { return [split /\n/, scalar `$indexer export -i $_[0]`] }

sub counts_of {
    my $stats = $json->decode(scalar `$indexer stats --json -i $_[0]`);
    delete @$stats{qw(revision generation bytes)};
    return $stats;
}

my @questions = (
    (map { ("search limit=100 totals=exact -- $_", "count totals=exact -- $_") } @words),
    (map { "search limit=20 totals=exact context=full -- $words[$_] $words[$_ + 1]" } 0 .. $#words - 1),
    (map { "search limit=100 sort=newest -- \"$words[$_] $words[$_ + 1]\"" } 0 .. 4),
    (map { "search limit=100 totals=exact sort=oldest -- under:c$_" } 1 .. 5),
    (map { "thread ref=article:a$_" } 0 .. $ARTICLES - 1), (map { "get ref=comment:c$_" } 0 .. 9),
    'search limit=100 -- is:orphan', 'search limit=100 -- author:"Reasonable, 2,3" -bridge', 'search -- title:ferry OR quarry',
);

# What the index answers, without what may differ: the revision and the time it took.
sub answers_of {
    my ($index) = @_;
    open(my $out, '>', "$dir/questions") or die;
    print $out map {"$_\n"} @questions;
    close $out;
    my @replies = map { $json->decode($_) } split /\n/, scalar `$Weft::B/weft-searchd --stdio -i $index < $dir/questions`;
    for my $r (@replies) {
        delete @$r{qw(revision took_ms next)};
        $_->{score} = sprintf '%.4f', $_->{score} for grep { defined $_->{score} } @{$r->{hits} || []};
    }
    return {map { $questions[$_] => $replies[$_] } 0 .. $#questions};
}

for my $seed (1 .. 3) {
    srand $seed;
    my @records = make_records();
    my $want    = build_of(@records);
    my ($export, $counts, $answers) = (export_of($want), counts_of($want), answers_of($want));
    cmp_ok(scalar(grep { $_ && $_->{hits} && @{$_->{hits}} } values %$answers), '>', 20, "seed $seed: questions find something");
    cmp_ok($counts->{$_}, '>', 0, "seed $seed: there are $_") for qw(articles comments orphans stubs places);
    for my $way (['a build', 0], ['an add', 1], ['4 adds', 4], ['20 adds', 20]) {
        my @shuffled = shuffle @records;
        my $index    = $way->[1] ? add_in($way->[1], @shuffled) : build_of(@shuffled);
        my $name     = "seed $seed: $way->[0] in another order";
        is_deeply(export_of($index), $export, "$name: the same export") or next;
        is_deeply(counts_of($index), $counts, "$name: the same counts");
        is_deeply(answers_of($index), $answers, "$name: the same answers");
    }
    my $again = build_of(map { $json->decode($_) } @$export);
    is_deeply(export_of($again), $export, "seed $seed: a build from the export has the same export");
    is_deeply(counts_of($again), $counts, "seed $seed: ... and the same counts");
    is_deeply(answers_of($again), $answers, "seed $seed: ... and the same answers");
}
done_testing();
