#!/usr/bin/perl
# weft-indexer add --follow, killed again and again while its file grows: from the offset told last, nothing is lost or doubled.
use strict;
use warnings;
use lib 'tests/cli';
use Follow;
use Test::More;
use Time::HiRes qw(sleep);

use constant {KILLS => 12, LINES => 720, EACH => 9};
srand 7;
my ($i, $log) = ("$dir/i", "$dir/log.ndjson");

# Comments in three threads that answer each other; one line in ten changes an earlier one, one in twenty deletes one.
my @lines = map { qq({"type":"article","id":"a$_","title":"Thread $_","date":$_}\n) } 0 .. 2;
for my $n (1 .. LINES) {
    my $of = 1 + int rand $n;
    if ($n % 20 == 0) {
        push @lines, qq({"type":"delete","ref":"comment:c$of"}\n);
        next;
    }
    my $id = $n % 10 == 0 && $of % 20 ? $of : $n;
    my $parent = $id > 6 ? sprintf(',"parent":"c%d"', $id - 3) : '';
    push @lines, sprintf(qq({"type":"comment","id":"c%d","article":"a%d"%s,"author":"A%d","body":"word%d said at %d","date":%d}\n),
        $id, $id % 3, $parent, $id % 11, $id, $n, 1000 + $id);
}

# What the index must hold once these lines are in it: built at once.
sub built {
    my (@of) = @_;
    unlink "$dir/plain.ndjson";
    append("$dir/plain.ndjson", @of);
    my ($status) = run('build', '-q', '-i', "$dir/plain", "$dir/plain.ndjson");
    return $status > 1 ? "build: $status" : exported("$dir/plain");
}

sub exported { return (run('export', '-i', $_[0]))[1] }

my ($offset, $line, $lost, $written) = (0, 0, 0, 0);
for my $kill (1 .. KILLS) {
    my $f = Follow->start('-i', $i, '--follow', '--commit-every', EACH, '--from-offset', $offset, $log);
    my $until = int(@lines * $kill / KILLS);
    my $half = int(length($lines[$until - 1]) / 2);
    # Whole lines but for the last, whose rest comes after the kill.
    append($log, @lines[$written .. $until - 2], substr $lines[$until - 1], 0, $half);
    # It dies somewhere in or after a batch: what was told until then is what its feeder knows.
    for (0 .. int rand 4) {
        last if $until - 1 - $line < EACH;
        ($offset, $line) = @{$f->commit}{qw(offset line)};
    }
    sleep rand 0.006;
    $f->signal('KILL');
    $f->status;
    while (defined(my $c = $f->commit)) {
        ($offset, $line) = @$c{qw(offset line)};
    }
    append($log, substr $lines[$until - 1], $half);
    $written = $until;
    # Of what was told nothing is missing, but for what a delete names.
    my $have = exported($i);
    for my $told (grep { /"type":"comment"/ } @lines[0 .. $line - 1]) {
        my ($id) = $told =~ /"id":"(\w+)"/;
        my $gone = grep { /"ref":"comment:$id"/ } @lines[0 .. $until - 1];
        $lost++ if !$gone && $have !~ /"id":"$id"/;
    }
}
is($lost, 0, 'no comment that was told as committed is missing after a kill');
my $f = Follow->start('-i', $i, '--follow', '--from-offset', $offset, $log);
is($f->commits_to(-s $log)->{line}, scalar @lines, 'it reads to the end');
is($f->stop, 0, 'and stops');
is(exported($i), built(@lines), 'the index holds what one built at once holds');
my ($have, $want) = map { my $s = stats($_); join ' ', map { "$_=$s->{$_}" } qw(articles comments threads orphans stubs places) } $i, "$dir/plain";
is($have, $want, 'with the same counts');
my %there;
for (@lines) {
    $there{$1} = 1 if /"type":"comment","id":"(\w+)"/;
    delete $there{$1} if /"ref":"comment:(\w+)"/;
}
like($have, qr/^articles=3 comments=@{[scalar keys %there]} /, 'those of the lines, read by hand');
done_testing();
