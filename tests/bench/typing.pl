#!/usr/bin/perl
# typing.pl - how long suggest and similar take on an index.
#
#     perl tests/bench/typing.pl INDEX FILE.ndjson [--cache]
#
# 1,000 beginnings, 1 to 8 letters of words of every 997th record of FILE (7 of 10 from bodies, the rest from headlines and
# names, one in ten of 4 letters and more with two swapped), then 300 of those records as references. Without --cache every
# answer is made anew. Prints wall time and, which others on the machine disturb less, time on a processor.
use strict;
use warnings;
use IPC::Open2;
use JSON::PP ();
use Time::HiRes qw(time);

my $cache = @ARGV && $ARGV[-1] eq '--cache' && pop @ARGV;
my ($index, $file) = @ARGV;
die "see the head of $0\n" if @ARGV != 2;
my $json = JSON::PP->new->utf8;
srand 7;

my (@records, @texts);
open(my $in, '<', $file) or die "$file: $!\n";
while (<$in>) { push @records, $json->decode($_) if $. % 997 == 0 }
while (@texts < 1000) {
    my ($r, $kind) = ($records[rand @records], rand);
    my @words = ($kind < .7 ? $r->{body} : $kind < .85 ? $r->{title} : $r->{author} // '') // '';
    @words = $words[0] =~ /[A-Za-z]+/g or next;
    my $text = substr $words[rand @words], 0, 1 + rand 8;
    my $at = 1 + int rand(length($text) - 2);
    substr($text, $at, 2) = reverse substr $text, $at, 2 if length $text >= 4 && rand() < .1;
    push @texts, $text;
}
my @refs = map { "$_->{type}:$_->{id}" } @records[map { rand @records } 1 .. 300];

my $pid = open2(my $out, my $to, ($ENV{B} || 'build') . '/weft-searchd', '--stdio', '-i', $index, '--log-level', 'error', $cache ? () : ('--cache-bytes', 0));
$to->autoflush;

# Nanoseconds that it and its workers were on a processor.
sub busy {
    my ($sum, @pids) = (0, $pid);
    while (defined(my $p = shift @pids)) {
        open(my $stat, '<', "/proc/$p/schedstat") or next;
        $sum += (split ' ', <$stat>)[0];
        push @pids, split ' ', do { open(my $c, '<', "/proc/$p/task/$p/children") or next; <$c> // '' };
    }
    return $sum;
}

sub measure {
    my ($what, @requests) = @_;
    my (@wall, @busy);
    for my $request (@requests) {
        my ($before, $began) = (busy(), time);
        print $to $json->encode($request), "\n";
        my $reply = $json->decode(scalar <$out> // die "weft-searchd ended\n");
        push @wall, 1000 * (time - $began);
        push @busy, (busy() - $before) / 1e6;
        die "$what: $reply->{error}{message}\n" if !$reply->{ok} && $reply->{error}{code} ne 'not_found';
    }
    for (['wall', \@wall], ['busy', \@busy]) {
        my ($name, @ms) = ($_->[0], sort { $a <=> $b } @{$_->[1]});
        printf "%s, ms %s: p50 %.2f p95 %.2f p99 %.2f max %.2f of %d\n", $what, $name, (map { $ms[$_ * @ms] } .5, .95, .99), $ms[-1], scalar @ms;
    }
}
measure('suggest', map { {cmd => 'suggest', prefix => $_} } @texts);
measure('similar', map { {cmd => 'similar', ref => $_} } @refs);
close $to;
waitpid $pid, 0;
