#!/usr/bin/perl
# run.pl [TEST...] - run the tests given, or all of them, and end on the line "N passed, N failed".
#
# A test is a program that speaks TAP: unit tests and fuzz replays built under $B, tests/cli and tests/lint in shell,
# tests/daemon, tests/web and tests/cases in Perl. A crash, a missing line or a bad exit counts as a failure.
use strict;
use warnings;
use TAP::Harness;

my $B = $ENV{B} ||= 'build';
$ENV{CK_TAP_LOG_FILE_NAME} = '-';
$ENV{CK_DEFAULT_TIMEOUT}   = 60;
my @tests = @ARGV ? @ARGV : (
    glob("$B/tests/unit/*.t"), glob("$B/tests/fuzz/*.replay"),
    glob('tests/cli/*.t'), glob('tests/daemon/*.t'), glob('tests/web/*.t'), glob('tests/cases/*.t'), glob('tests/judged/*.t'), glob('tests/fault/*.t'),
    glob('tests/lint/*.t'));

my $harness = TAP::Harness->new({jobs => $ENV{JOBS} || 2, timer => 1, failures => 1, exec => sub {
    my (undef, $file) = @_;
    open(my $fh, '<', $file) or die "$file: $!\n";
    read($fh, my $start, 2) // 0;
    return [$start eq '#!' ? (scalar(<$fh>) =~ /perl/ ? 'perl' : 'sh') : (), $file] if $start eq '#!';
    return [$file =~ m{/} ? $file : "./$file"];
}});
my $all = $harness->runtests(@tests);
my $failed = 0;
for my $p ($all->parsers) {
    my $bad = $p->failed;
    my $missing = ($p->tests_planned || 0) - ($p->tests_run || 0);
    $bad += $missing if $missing > 0;
    $bad = 1 if !$bad && ($p->parse_errors || $p->exit);
    $failed += $bad;
}
printf "%d passed, %d failed\n", scalar($all->passed), $failed;
exit($failed ? 1 : 0);
