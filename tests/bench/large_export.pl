#!/usr/bin/perl
# large_export.pl - weft NDJSON of so many megabytes, to see that memory does not grow with an input.
#
#     perl tests/bench/large_export.pl 1000 | gzip -1 > large.gz
#     /usr/bin/time -v build/weft-indexer convert large.gz > /dev/null
use strict;
use warnings;

my $left = ($ARGV[0] // 1000) * 1_000_000;
srand(7);
my @letters = ('a' .. 'z');
my @words = map { join '', map { $letters[rand @letters] } 1 .. 3 + rand 8 } 1 .. 20_000;
my ($n, $article) = (0, 0);
sub words { return join ' ', map { $words[rand @words] } 1 .. $_[0] }
while ($left > 0) {
    my $line;
    if ($n++ % 500 == 0) {
        $article++;
        $line = qq({"type":"article","id":"a$article","title":"@{[words(8)]}","url":"https://x.example/$article"}\n);
    } else {
        my $parent = $n % 500 > 3 && rand() < .6 ? sprintf('"parent":"c%d",', $n - 1 - int(rand 3)) : '';
        $line = qq({"type":"comment","id":"c$n","article":"a$article",$parent"author":"$words[rand 5000]","body":"@{[words(20 + rand 120)]}"}\n);
    }
    $left -= length $line;
    print $line;
}
