#!/usr/bin/perl
# ablate.pl [CHANGE...] - what each constant of the ranking is worth: one line of eval.pl's figures for the program as it stands and one for
# each change of a constant, built in a copy of the tree. doc/ranking.md has the table. Takes a minute a line; with names
# of changes only those.
use strict;
use warnings;
use File::Temp ();

my ($threads, $set, $first, $parts) =
    ('searchd/rank_threads.c', 'searchd/rank_set.c', 'searchd/rank.c', 'searchd/rank_parts.h');
my @changes = (
    ['as it stands'],
    ['article weight 0',      $threads, 'article_weight = 1.25', 'article_weight = 0'],
    ['article weight 2',      $threads, 'article_weight = 1.25', 'article_weight = 2'],
    ['coverage without power', $threads, 'coverage_power_max = 3', 'coverage_power_max = 0'],
    ['thread weight 0',       $threads, 'thread_weight = 2', 'thread_weight = 0'],
    ['thread weight 1',       $threads, 'thread_weight = 2', 'thread_weight = 1'],
    ['thread weight 3',       $threads, 'thread_weight = 2', 'thread_weight = 3'],
    ['thread b .75',          $threads, 'thread_b = .9', 'thread_b = .75'],
    ['article pairs 0',       $threads, 'pairs_weight = 1.5', 'pairs_weight = 0'],
    ['article pairs 3',       $threads, 'pairs_weight = 1.5', 'pairs_weight = 3'],
    ['own runs 0',            $set, 'own_pairs_weight = .25', 'own_pairs_weight = 0'],
    ['own runs .5',           $set, 'own_pairs_weight = .25', 'own_pairs_weight = .5'],
    ['runs of one pair',      $parts, 'RANK_RUN = 5', 'RANK_RUN = 1'],
    ['early 0',               $set, 'early_weight = .5', 'early_weight = 0'],
    ['no thread stands out',  $parts, 'RANK_THREADS_SHARE = 50', 'RANK_THREADS_SHARE = 1000000'],
    ['whole at .6',           $set, 'coverage_whole = .8', 'coverage_whole = .6'],
    ['whole never',           $set, 'coverage_whole = .8', 'coverage_whole = 2'],
    ['gain 2',                $first, '.gain = 1.5', '.gain = 2'],
    ['k 1',                   $first, '.k = .5', '.k = 1'],
    ['b .6',                  $first, '.b = .3', '.b = .6'],
    ['own at least 0',        $first, '.own_min = .8', '.own_min = 0'],
    ['headline .4',           $first, '.headline = .8', '.headline = .4'],
    ['headline 0',            $first, '.headline = .8', '.headline = 0'],
    ['parent .3',             $first, '.parent = .6', '.parent = .3'],
    ['parent 0',              $first, '.parent = .6', '.parent = 0'],
);
my @columns = (['control', 'MRR'], ['headline', 'MRR'], ['mostly', 'MRR'], ['parent', 'MRR'], ['quote', 'MRR'], ['article', 'MRR'],
    ['judged, open search', 'MAP'], ['judged, open search', 'nDCG@10'], ['judged, open search', 'R@100']);
my $tree = File::Temp->newdir;
system("git ls-files -z | tar -c --null -T - | tar -x -C $tree") == 0 or die "tar: failed\n";

sub change {
    my ($file, $from, $to) = @_;
    open(my $in, '<', "$tree/$file") or die "$file: $!\n";
    my $text = do { local $/; <$in> };
    $text =~ s/\Q$from\E/$to/ or die "$file: no '$from'\n";
    open(my $out, '>', "$tree/$file") or die "$file: $!\n";
    print {$out} $text;
    close($out) or die "$file: $!\n";
}

sub figures {
    system("make -s -C $tree B=build >/dev/null 2>$tree/log") == 0 or die "make: failed\n";
    my %sum;
    for (`B=$tree/build $^X $tree/tests/judged/eval.pl --weft-only`) {
        my ($name, $measure, $n, $value) = /^(\S.*?)\s{2,}(\S+)\s+(\d+)\s+\S+\s+(\d\.\d+)$/ or next;
        $name =~ s/, (tuned|held out)$//;
        $sum{"$name $measure"}[0] += $n * $value;
        $sum{"$name $measure"}[1] += $n;
    }
    return map { my $s = $sum{join ' ', @$_}; $s ? sprintf '%.3f', $s->[0] / $s->[1] : '-' } @columns;
}

$ENV{WEFT_SHARED} = `cd \${WEFT_SHARED:-../shared} 2>/dev/null && pwd` =~ s/\n//r || 'none';
$| = 1;
print join(' | ', '| change', map({ $_->[1] eq 'MRR' ? $_->[0] : $_->[1] } @columns)), " |\n|", ' --- |' x (1 + @columns), "\n";
my %wanted = map { $_ => 1 } @ARGV;
for (grep { !%wanted || $wanted{$_->[0]} } @changes) {
    my ($name, $file, $from, $to) = @$_;
    change($file, $from, $to) if $file;
    print join(' | ', "| $name", figures()), " |\n";
    change($file, $to, $from) if $file;
}
