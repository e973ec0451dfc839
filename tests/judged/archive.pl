#!/usr/bin/perl
# archive.pl [SEED [THREADS]] - print an archive of nested conversations in weft's NDJSON: made-up words, the same bytes for the
# same seed.
#
# Words are drawn by Zipf's law, half of them English function words. An article has 25 words of its own topic, in its headline
# and its text; a comment draws a sixth of its other words from the topic, a twelfth from the comment it answers and the rest
# from all words. Lengths are log-normal, the median 30 words. A reply in four begins with a line quoted from an ancestor.
use strict;
use warnings;
use JSON::PP ();

my ($seed, $threads) = (shift // 1, shift // 250);
srand($seed);
my $json = JSON::PP->new->utf8->canonical;
my @function = qw(the of and to a in is it that for was on as with are be this have from or had by but not they you all can her has
    there been if more when will would who so no what about out up into do any your how said an its than then them these);
my (@words, %seen);
while (@words < 8000) {
    my $word = join '', map { (qw(b d f g k l m n p r s t v z br st tr pl))[rand 18] . (qw(a e i o u ai ou))[rand 7] } 1 .. 2 + int rand 3;
    $word .= (qw(n r l k t m))[rand 6] if rand() < .5;
    push @words, $word if !$seen{$word}++;
}
my @mass;
my $sum = 0;
push @mass, $sum += 1 / ($_ + 20) for 1 .. @words;

sub any_word {
    my $at = rand $sum;
    my ($low, $high) = (0, $#words);
    while ($low < $high) {
        my $mid = int(($low + $high) / 2);
        if ($mass[$mid] < $at) { $low = $mid + 1 } else { $high = $mid }
    }
    return $words[$low];
}

sub text_of {
    my ($length, $topic, $parent) = @_;
    return map {
        my $r = rand;
        $r < .5 ? $function[@function * rand() ** 2] : $r < .58 ? $topic->[rand @$topic]
            : $r < .62 && @$parent ? $parent->[rand @$parent] : any_word()
    } 1 .. $length;
}

sub length_of { my ($median, $spread) = @_; return int $median * exp($spread * (rand() + rand() + rand() + rand() - 2) * sqrt 3) + 1 }

sub stamp { my ($minutes) = @_; return sprintf '2024-%02d-%02dT%02d:%02d:00Z', 1 + $minutes / 40320 % 12, 1 + $minutes / 1440 % 28, $minutes / 60 % 24, $minutes % 60 }

# One comment; $said has the words of each comment of the thread in its own voice, $parent_of whom it answers.
sub comment {
    my ($article, $n, $minutes, $topic, $said, $parent_of) = @_;
    my $parent = $n > 1 && rand() < .7 ? 1 + int(($n - 1) * rand() ** .5) : 0;
    my $own = [text_of(length_of(30, .8), $topic, $said->[$parent])];
    my $body = join ' ', @$own;
    if ($parent && rand() < .25) {
        my $whom = rand() < .3 && $parent_of->[$parent] ? $parent_of->[$parent] : $parent;
        my @line = @{$said->[$whom]};
        my $from = @line > 12 ? int rand(@line - 11) : 0;
        $body = '> ' . join(' ', grep { defined } @line[$from .. $from + 11]) . "\n\n$body" if @line >= 8;
    }
    ($said->[$n], $parent_of->[$n]) = ($own, $parent);
    my %record = (type => 'comment', id => "$article-$n", article => $article, author => 'reader' . int rand 900, body => $body,
        date => stamp($minutes), parent => $parent ? "$article-$parent" : undef);
    print $json->encode(\%record), "\n";
}

for my $t (1 .. $threads) {
    my $minutes = $t * 1500;
    my @topic = map { rand() < .6 ? $words[200 + rand 7800] : any_word() } 1 .. 25;
    my @title = text_of(7, \@topic, []);
    $title[$_ * 2] = $topic[$_] for 0 .. 3;
    print $json->encode({type => 'article', id => "a$t", title => ucfirst join(' ', @title), author => 'desk' . $t % 20,
        body => join(' ', text_of(length_of(120, .4), \@topic, \@topic)), date => stamp($minutes)}), "\n";
    my (@said, @parent_of);
    $said[0] = \@title;
    my $comments = length_of(30, .7);
    comment("a$t", $_, $minutes += 1 + int rand 25, \@topic, \@said, \@parent_of) for 1 .. $comments;
}
