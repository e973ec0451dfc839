#!/usr/bin/perl
# threads.pl - conversations of made-up words as weft NDJSON, the same bytes on every run.
#
#     perl tests/bench/threads.pl [--threads N] [--comments N] [--words N] [--extra]
#
# N articles of --comments comments each, of about --words words. With --extra only one comment more for each thread,
# a reply to one that the run without it printed. Words are drawn so that a few are common and most are rare.
use strict;
use warnings;
use Getopt::Long;

my ($threads, $comments, $words, $extra) = (1000, 30, 40, 0);
GetOptions('threads=i' => \$threads, 'comments=i' => \$comments, 'words=i' => \$words, 'extra' => \$extra)
    or die "see the head of $0\n";

# A generator of our own: perl's may change with its version.
my $state = 1;
sub draw {
    my ($below) = @_;
    $state = ($state * 1103515245 + 12345) % 2147483648;
    return int($state / 65536) * $below >> 15;
}
my @syllables = qw(ba de ki lo mu na pe ri so tu va ze dor fen gal hum jat lim nor pax);
sub word {
    my $rank = draw(200) * draw(200) >> 3;    # the product prefers small numbers
    return join '', map { my $s = $syllables[$rank % 20]; $rank = int($rank / 20); $s } 1 .. 3;
}
sub text { my ($n) = @_; return join ' ', map { word() } 1 .. $n / 2 + draw($n) }

for my $t (1 .. $threads) {
    my $title = text(8);
    my $body = text($words * 5);
    print qq({"type":"article","id":"t$t","title":"$title","body":"$body","date":"2026-01-01"}\n) if !$extra;
    for my $c (1 .. $comments + 1) {
        my $parent = $c > 1 && draw(4) ? ',"parent":"t' . $t . 'c' . (1 + draw($c - 1)) . '"' : '';
        my $line = text($words);
        next if $extra != ($c > $comments);
        my $date = 1767225600 + $t * 60 + $c * 600;
        print qq({"type":"comment","id":"t${t}c$c","article":"t$t"$parent,"author":"writer) . draw(500) . qq(","date":$date,"body":"$line"}\n);
    }
}
