#!/usr/bin/perl
# compact.t - compactions under asking clients: no error, no answer mixed of two; and `verify` beside a writer: what others
# change meanwhile is no finding.
use strict;
use warnings;
use lib 'tests/daemon';
use Test::More;
use Looping;
use Weft;

my $tmp = File::Temp->newdir;
my $indexer = "$Weft::B/weft-indexer";

sub build {
    my ($k) = @_;
    Looping::write_records("$tmp/records", $k);
    return system($indexer, 'build', '-q', '-i', "$tmp/i", "$tmp/records");
}

is(build(1), 0, 'a first generation');
my $d = Weft->start(index => "$tmp/i", program => "$Weft::B/weft-searchd", args => ['--workers', 2]);
my $clients = Looping->start($d);
ok($clients->reach(1), 'clients ask');
my $failed = 0;
for my $k (2 .. 6) {
    $failed++ for grep { system($indexer, 'compact', '-q', '-i', "$tmp/i") != 0 } 1 .. 2;
    $failed++ if build($k) != 0 || !$clients->reach($k);
}
is($failed, 0, 'ten compactions and five builds, each build seen by every client');
$clients->stop;
is_deeply($clients->{faults}, [], 'no error and no mixed answer');
cmp_ok($clients->{replies}, '>', 100, "of $clients->{replies}");
is($d->stop, 0, 'exit status');

# Threads enough that some commits fall into a pass.
open(my $out, '>', "$tmp/many") or die "$!\n";
for my $t (1 .. 400) {
    print $out qq({"type":"article","id":"a$t","title":"Harbour news $t"}\n);
    print $out map { qq({"type":"comment","id":"a$t-$_","article":"a$t","body":"tide number $_ turns"}\n) } 1 .. 8;
}
close $out;
is(system($indexer, 'build', '-q', '-i', "$tmp/busy", "$tmp/many"), 0, 'an index to write to');
my $writer = fork // die "fork: $!\n";
if (!$writer) {
    for my $n (1 .. 60) {
        open(my $add, '|-', $indexer, 'add', '-q', '-i', "$tmp/busy", '-') or POSIX::_exit(1);
        print $add map { qq({"type":"comment","id":"n$n-$_","article":"a$_","body":"added $n"}\n) } grep { $_ % 7 == $n % 7 } 1 .. 400;
        close $add or POSIX::_exit(1);
    }
    POSIX::_exit(0);
}
my ($passes, @bad) = (0);
while (waitpid($writer, POSIX::WNOHANG()) == 0) {
    my $said = `$indexer verify -i $tmp/busy 2>>$tmp/log`;
    push @bad, $said if $?;
    $passes++;
}
is($?, 0, 'the writer ends well');
is_deeply(\@bad, [], "nothing is found beside a writer in $passes passes");
is(system("$indexer verify -q -i $tmp/busy"), 0, 'nor after it');
my $log = do { local (@ARGV, $/) = "$tmp/log"; <> } // '';
note(scalar(() = $log =~ /changed meanwhile/g) . ' notes of commits that overtook a pass');
done_testing;
