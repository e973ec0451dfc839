#!/usr/bin/perl
# swap.t - twenty new generations under asking clients: no error, and no answer mixed of two.
use strict;
use warnings;
use lib 'tests/daemon';
use Test::More;
use Looping;
use Weft;

my $tmp = File::Temp->newdir;

sub build {
    my ($k) = @_;
    Looping::write_records("$tmp/records", $k);
    return system("$Weft::B/weft-indexer", 'build', '-q', '-i', "$tmp/i", "$tmp/records");
}

# That a mixed answer would be seen.
my ($one, $two) = map { '{"ok":true,"revision":' . $_ . ',"doc":{"author":"gen1"}}' } 1, 2;
is(Looping::fault(['get'], $one), '', 'an answer of one state');
like(Looping::fault(['get'], $two), qr/^mixed \(1,2;/, 'an answer of two');
my ($right, $wrong) = map { '{"ok":true,"revision":1,"total":{"hits":' . $_ . '}}' } 17, 24;
is(Looping::fault(['count', 0], $right), '', 'a total of its state');
like(Looping::fault(['count', 0], $wrong), qr/^mixed \(1; 24\)/, 'a total of another');
my $hit = '{"ok":true,"revision":1,"hits":[{"ref":"comment:c3","thread":{"comments":17},"replies":{"all":13}}]}';
like(Looping::fault(['search'], $hit), qr/^mixed \(1; 17 16\)/, 'replies of another');
like(Looping::fault(['get'], '{"ok":false,"error":{}}'), qr/^error/, 'an error');

is(build(1), 0, 'the first generation');
my $d = Weft->start(index => "$tmp/i", program => "$Weft::B/weft-searchd", args => ['--workers', 2]);
my $clients = Looping->start($d);
ok($clients->reach(1), 'clients ask');
my $failed = 0;
for my $k (2 .. 11) {
    $failed++ if build($k) != 0;
}
is($failed, 0, 'ten builds, one upon the other');
for my $k (12 .. 21) {
    $failed++ if build($k) != 0 || !$clients->reach($k);
}
is($failed, 0, 'ten more, each seen by every client');
$clients->stop;
is_deeply($clients->{faults}, [], 'no error and no mixed answer');
cmp_ok($clients->{replies}, '>', 200, "of $clients->{replies}");
is_deeply([map { $_->{at} } @{$clients->{clients}}], [21, 21, 21, 21], 'all have come to the last');
is_deeply([map { m{gen-(\d+)$} } sort glob "$tmp/i/gen-*"], [20, 21], 'one old generation is kept');
ok(!grep({ -e "$tmp/i/$_" } qw(build current.new weft.json.new)), 'nothing unfinished is left');

# The workers hold the live generation only, also one that nobody asks.
sub holds_old {
    my ($pid) = @_;
    my @held = grep { m{/gen-\d+/} } map { readlink($_) // '' } glob "/proc/$pid/fd/*";
    return scalar grep { !m{/gen-21/} } @held;
}
for my $pid ($d->workers) {
    ok(Weft::wait_for(sub { !holds_old($pid) }, 'the old generation to be let go of'), 'a worker holds nothing of an old generation');
}
is($d->stop, 0, 'exit status');
done_testing;
