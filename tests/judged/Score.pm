# Score.pm - measures of a ranked list against judgments: plain functions of a list of ids and {id => grade}.
#
# A grade above 0 is relevant. Averages over queries are the caller's. The measures are trec_eval's: average precision, reciprocal
# rank, nDCG with the grade as gain and log2(rank + 1) as discount, recall. official_ap is that of the scorer of SemEval-2016
# task 3: cut at 10 and divided by the relevant ones found there.
package Score;
use strict;
use warnings;
use List::Util qw(min sum0);

sub relevant { my ($grades) = @_; return scalar grep { $_ > 0 } values %$grades }

sub average_precision {
    my ($list, $grades) = @_;
    my ($found, $sum, $all) = (0, 0, relevant($grades));
    for my $i (0 .. $#$list) {
        $sum += ++$found / ($i + 1) if ($grades->{$list->[$i]} // 0) > 0;
    }
    return $all ? $sum / $all : 0;
}

sub reciprocal_rank {
    my ($list, $grades) = @_;
    for my $i (0 .. $#$list) {
        return 1 / ($i + 1) if ($grades->{$list->[$i]} // 0) > 0;
    }
    return 0;
}

sub dcg { my $rank = 1; return sum0(map { $_ / (log(++$rank) / log(2)) } @_) }

sub ndcg {
    my ($list, $grades, $depth) = @_;
    my @best = (sort { $b <=> $a } grep { $_ > 0 } values %$grades);
    return 0 if !@best;
    my @got = map { my $g = $grades->{$_} // 0; $g > 0 ? $g : 0 } @{$list}[0 .. min($depth, scalar @$list) - 1];
    return dcg(@got) / dcg(@best[0 .. min($depth, scalar @best) - 1]);
}

sub recall {
    my ($list, $grades, $depth) = @_;
    my $all = relevant($grades);
    return 0 if !$all;
    return grep({ ($grades->{$_} // 0) > 0 } @{$list}[0 .. min($depth, scalar @$list) - 1]) / $all;
}

sub official_ap {
    my ($list, $grades) = @_;
    my ($found, $sum) = (0, 0);
    for my $i (0 .. min(10, scalar @$list) - 1) {
        $sum += ++$found / ($i + 1) if ($grades->{$list->[$i]} // 0) > 0;
    }
    return $found ? $sum / $found : 0;
}

1;
