#!/usr/bin/perl
# load.pl - weft-searchd under many clients at a time, and under one that asks the worst it can: a part of `make bench`.
#
#     perl tests/bench/load.pl --index DIR --queries queries.tsv [--seconds S] [--connections 1,16,256,512]
#
# doc/bench.md explains the figures. Over HTTP it is wrk that asks; without it that part is left out. Exits 1 when a request got
# another error than busy, or none.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use File::Temp ();
use Getopt::Long;
use IO::Socket::UNIX;
use POSIX ();
use Engine;
use Measure;
use Time::HiRes qw(sleep time);

my %o = (seconds => 10, connections => '1,16,256,512');
GetOptions(\%o, 'index=s', 'queries=s', 'seconds=f', 'connections=s') && !@ARGV && $o{index} && $o{queries} or die "see the head of $0\n";
$| = 1;
my $dir = File::Temp->newdir;
my $B = $Engine::B;
my ($wrk) = grep { -x } map { "$_/wrk" } split /:/, $ENV{PATH};
my ($daemon, $http, $busy, $failed) = (undef, undef, 0, 0);
$SIG{$_} = sub { exit 130 } for qw(INT TERM HUP);
END { local $?; kill('KILL', $daemon) if $daemon }

sub note { print STDERR "load: @_\n" }

sub start {
    my (@args) = @_;
    unlink "$dir/log";
    $daemon = fork // die "fork: $!\n";
    if (!$daemon) {
        open(STDERR, '>', "$dir/log") or POSIX::_exit(126);
        exec("$B/weft-searchd", '-i', $o{index}, '--listen', "unix:$dir/s", '--http', '127.0.0.1:0', '--max-connections', 0, '--max-per-address', 0,
            '--queue', 4096, '--slow-ms', 600000, @args)
            or POSIX::_exit(127);
    }
    my $end = time + 30;
    until ($http) {
        die "weft-searchd did not start\n" if time > $end || waitpid($daemon, POSIX::WNOHANG());
        sleep 0.01;
        open(my $fh, '<', "$dir/log") or next;
        local $/;
        ($http) = (<$fh> // '') =~ /event=listening http=(\S+)/;
    }
    return;
}

sub stop {
    kill('TERM', $daemon);
    waitpid($daemon, 0);
    ($daemon, $http) = (undef, undef);
    return;
}

my @columns = qw(rate p50 p99 max partial busy failed);

sub columns_of {
    my ($line, $what) = @_;
    my %c;
    @c{@columns} = split /\t/, $line =~ s/\s+$//r;
    die "$what printed: $line\n" unless defined $c{failed};
    return \%c;
}

# Ask each of these once; the seconds from each reply to the next.
sub ask_all {
    my @lines = @_;
    my $s = IO::Socket::UNIX->new(Type => SOCK_STREAM, Peer => "$dir/s") or die "connect: $!\n";
    my @took;
    my $sent = 0;
    for my $i (0 .. $#lines) {
        my $start = time;
        while ($sent < @lines && $sent < $i + 2) { print $s "$lines[$sent++]\n" }
        $s->flush;
        defined(readline $s) or die "weft-searchd hung up\n";
        push @took, time - $start;
    }
    return @took;
}

# Over lines: so many connections, so many requests ahead on each.
sub drive {
    my ($connections, $depth, $seconds, $file) = @_;
    my $line = qx("$B/tests/bench/drive" "$dir/s" $connections $depth $seconds "$file") // '';
    return columns_of($line, 'drive');
}

# Over HTTP; wrk counts in whole seconds.
sub drive_http {
    my ($connections, $seconds, $file) = @_;
    local $ENV{LOAD_FILE} = $file;
    $seconds = POSIX::ceil($seconds);
    my $out = qx("$wrk" -t 1 -c $connections -d ${seconds}s --timeout 30s -s "$FindBin::Bin/wrk.lua" "http://$http" 2>&1) // '';
    return columns_of($out =~ /^columns\t(.*)$/m ? $1 : $out, 'wrk');
}

sub write_lines {
    my ($name, @lines) = @_;
    open(my $fh, '>', "$dir/$name") or die "$name: $!\n";
    print $fh map { "$_\n" } @lines;
    close($fh) or die "$name: $!\n";
    return "$dir/$name";
}

sub figures { my ($c) = @_; return $c ? map { sprintf $_ >= 100 ? '%.0f' : '%.1f', $_ } @$c{qw(rate p50 p99)} : ('-') x 3 }

sub table {
    my ($title, @rows) = @_;
    print "\n## $title\n\n";
    splice @rows, 1, 0, [map { '-' x length } @{$rows[0]}];
    for my $row (@rows) {
        print '| ', join(' | ', map { sprintf '%-*s', length $rows[0][$_], $row->[$_] } 0 .. $#$row), " |\n";
    }
    return;
}

sub tally {
    for my $c (@_) {
        $busy += $c->{busy};
        $failed += $c->{failed};
    }
    return;
}

sub throughput {
    my ($title, $all) = @_;
    my @rows = (['connections', map { ("$_: answers/s", 'p50 ms', 'p99 ms') } 'lines', 'HTTP']);
    for my $n (split /,/, $o{connections}) {
        note("$title: $n connections");
        my $lines = drive($n, 1, $o{seconds}, $all);
        my $over_http = $wrk && drive_http($n, $o{seconds}, $all);
        push @rows, [$n, figures($lines), figures($over_http)];
        tally($lines, $over_http || ());
    }
    table($title, @rows);
    return;
}

# Queries as costly as a client can make them, of the words that the others are about; the slower half of those tried.
sub worst {
    my (%kind) = @_;
    my (@prefixes, @common) = @{$kind{prefix}};
    @common = @{$kind{common}};
    my $greedy = 'search limit=100 context=full totals=exact facets=author,month --';
    my @tried;
    for my $i (0 .. 9) {
        push @tried, "$greedy " . join ' OR ', map { $prefixes[($i * 7 + $_) % @prefixes] } 0 .. 29;
        push @tried, "$greedy " . join ' OR ', map { "thread:($common[($i * 6 + $_) % @common] the)" } 0 .. 5;
        push @tried, "$greedy thread:(the $common[$i % @common] to) parent:(the) reply:($common[($i + 1) % @common] OR and)";
    }
    push @tried, "$greedy the OR of OR to OR and OR in OR a", "$greedy thread:(the of) thread:(to and)";
    my %took;
    @took{@tried} = map { ask_all($_) } @tried;
    @tried = sort { $took{$b} <=> $took{$a} } @tried;
    return @tried[0 .. $#tried / 2];
}

# How long cheap queries take, of n clients, while nobody else asks and while one asks the worst.
sub fairness {
    my ($cheap, $worst) = @_;
    my $name = 'cheap queries: clients';
    my @rows = ([$name, 'p50 ms', 'p99 ms', 'p50 ms beside the worst', 'p99 ms beside the worst', 'p99, times']);
    for my $n (1, 4) {
        note("cheap queries of $n beside the worst ones of one");
        drive($n, 1, $o{seconds} / 4, $cheap);    # to have read what they need
        my $quiet = drive($n, 1, $o{seconds}, $cheap);
        my $pid = fork // die "fork: $!\n";
        if (!$pid) {
            $daemon = undef;
            open(STDOUT, '>', '/dev/null');
            open(STDERR, '>', '/dev/null');
            exec("$B/tests/bench/drive", "$dir/s", 1, 64, 2 * $o{seconds} + 2, $worst) or POSIX::_exit(127);
        }
        sleep 1;
        my $beside = drive($n, 1, 2 * $o{seconds}, $cheap);
        kill('TERM', $pid);
        waitpid($pid, 0);
        push @rows, [$n, (map { sprintf '%.1f', $_ } $quiet->{p50}, $quiet->{p99}, $beside->{p50}, $beside->{p99}), sprintf('%.1f', $beside->{p99} / ($quiet->{p99} || 1))];
        tally($quiet, $beside);
    }
    table('One client asks the worst it can', @rows);
    return;
}

my (@all, %kind);
open(my $in, '<', $o{queries}) or die "$o{queries}: $!\n";
while (<$in>) {
    chomp;
    my %row;
    @row{@Engine::COLUMNS} = split /\t/, $_, -1;
    push @all, "search limit=10 -- $row{weft_query}";
    push @{$kind{$row{kind}}}, $row{weft_query};
}
close($in);

my $all = write_lines('all', @all);
my $cheap = write_lines('cheap', map { "search limit=10 -- $_" } @{$kind{rare}});
print "\n# weft-searchd under load; the machine's own load ", (split ' ', Measure::first_line('/proc/loadavg'))[0], "\n";
print "\nHTTP is left out: wrk is not installed (make bench-deps installs it).\n" unless $wrk;
start('--cache-bytes', 0);
ask_all(@all);
throughput('Every answer is made anew', $all);
fairness($cheap, write_lines('worst', worst(%kind)));
stop();
start('--cache-bytes', 1 << 30);
ask_all(@all);
throughput('Every question was asked before: answers come from the cache', $all);
stop();
print "\n$busy requests waited ten seconds for a worker and were told busy\n" if $busy;
print $failed ? "\n$failed requests were not answered\n" : "\nevery request was answered\n";
exit($failed ? 1 : 0);
