#!/usr/bin/perl
# commits.t - two hundred commits under asking clients: no error, and no answer mixed of two revisions.
use strict;
use warnings;
use lib 'tests/daemon';
use Test::More;
use Looping;
use Weft;

my $tmp = File::Temp->newdir;
Looping::write_records("$tmp/records", 1);
is(system("$Weft::B/weft-indexer", 'build', '-q', '-i', "$tmp/i", "$tmp/records"), 0, 'the first state');
my $d = Weft->start(index => "$tmp/i", program => "$Weft::B/weft-searchd", args => ['--workers', 2]);
my $clients = Looping->start($d);
ok($clients->reach(1), 'clients ask');
my $failed = 0;
for my $k (2 .. 201) {
    Looping::write_records("$tmp/records", $k);
    $failed++ if system("$Weft::B/weft-indexer", 'add', '-q', '-i', "$tmp/i", "$tmp/records") != 0;
    $failed++ if $k % 20 == 0 && !$clients->reach($k);
}
is($failed, 0, 'two hundred commits, each twentieth seen by every client');
$clients->reach(201);
$clients->stop;
is_deeply($clients->{faults}, [], 'no error and no mixed answer');
cmp_ok($clients->{replies}, '>', 200, "of $clients->{replies}");
is_deeply([map { $_->{at} } @{$clients->{clients}}], [201, 201, 201, 201], 'all have come to the last');
is($d->stop, 0, 'exit status');
done_testing;
