#!/usr/bin/perl
# run.pl - weft beside SQLite FTS5 and Lucene on one made archive: what `make bench` runs. doc/bench.md explains the figures.
#
#     perl tests/bench/run.pl [--records N] [--engines weft,sqlite,lucene] [--limit SECONDS] [--load SECONDS] [--keep DIR] [--counts]
#
# Reads the programs under $B. Works in a directory of its own under $B that goes at the end, or in DIR, which stays. --limit is
# for each kind of answer of each engine, --load for each row of load.pl (0: none of it); --counts only builds and counts. Exits 1 when a count is not the one that was counted on the words.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Cwd ();
use File::Temp ();
use Getopt::Long;
use Engine;
use Measure;
use Time::HiRes qw(time);

my %o = (records => 200000, engines => 'weft,sqlite,lucene', limit => 60, load => 10);
GetOptions(\%o, 'records=i', 'engines=s', 'limit=f', 'load=f', 'keep=s', 'counts') && !@ARGV or die "see the head of $0\n";
$| = 1;
$SIG{$_} = sub { exit 130 } for qw(INT TERM HUP);    # so that what is made here goes

my $temporary = $o{keep} ? undef : File::Temp->newdir('bench.XXXXXX', DIR => $Engine::B);
my $dir = Cwd::abs_path($o{keep} || "$temporary");
my %class = (weft => 'Engine::Weft', sqlite => 'Engine::Fts5', lucene => 'Engine::Lucene');
my @kinds = qw(common rare and phrase prefix author date thread parent article);
my @modes = (['ids', 'bare ids'], ['text', 'text and highlights'], ['context', 'hits in their thread']);
my (@engines, %got, @wrong);
my $cut = 0;    # counts that no attempt brought to an end

sub note { print STDERR "bench: @_\n" }

# Processes that ran of late: with more than there are cores, wall clocks say little.
sub load {
    open(my $fh, '<', '/proc/loadavg') or return '?';
    return (split ' ', scalar <$fh>)[0];
}

sub make_archive {
    mkdir "$dir/data" or die "$dir/data: $!\n";
    note("making $o{records} records and 1,000 queries");
    system("$Engine::B/tests/bench/gen", $o{records}, "$dir/data") == 0 or die "the generator failed\n";
    open(my $fh, '<', "$dir/data/queries.tsv") or die "queries.tsv: $!\n";
    return map { chomp; my %row; @row{@Engine::COLUMNS} = split /\t/, $_, -1; \%row } <$fh>;
}

# A whole count; one cut at a deadline, which a busy machine may bring about, is asked for again.
sub count_of {
    my ($e, $row, $mode) = @_;
    my $reply;
    for (1 .. 3) {
        $reply = $e->ask($row, $mode);
        return $e->count($reply) unless $e->partial($reply);
    }
    $cut++;
    return undef;
}

# Every count against the one made on the words themselves; also the first time that the engine sees the queries.
sub check_counts {
    my ($e, @rows) = @_;
    for my $mode ($e->counts) {
        for my $row (@rows) {
            next if $mode eq 'own' && $row->{kind} ne 'and';
            my ($got, $expected) = (count_of($e, $row, $mode), $e->expected($row, $mode));
            next if !defined $got || $got eq $expected;
            my $asked = $row->{$e->name ne 'weft' ? 'words' : $mode eq 'own' ? 'own_query' : 'weft_query'};
            push @wrong, sprintf '%s finds %s for %s query %s (%s), %s are there', $e->name, $got, $row->{kind}, $asked, $mode, $expected;
        }
    }
    return;
}

# Two passes over the queries, each cut at the limit; of each query the faster answer counts.
sub time_mode {
    my ($e, $mode, @rows) = @_;
    my (@took, %m);
    my $cpu = $e->cpu;
    my $asked = 0;
    for my $pass (1, 2) {
        my $end = time + $o{limit};
        for my $i (0 .. $#rows) {
            last if $i && time > $end || $pass == 2 && $i == @took;
            my $start = time;
            my $reply = $e->ask($rows[$i], $mode);
            my $now = time - $start;
            $asked++;
            if ($pass == 2) {
                $took[$i] = $now if $now < $took[$i];
                next;
            }
            $took[$i] = $now;
            $m{failed}++ if $e->failed($reply);
            $m{partial}++ if $e->partial($reply);
            $m{bytes} += length $reply;
        }
    }
    $m{cpu} = ($e->cpu - $cpu) / $asked;
    $m{all} = \@took;
    push @{$m{$rows[$_]{kind}}}, $took[$_] for 0 .. $#took;
    return \%m;
}

sub run_engine {
    my ($e, @rows) = @_;
    my %g;
    note($e->name . ': building');
    $g{build} = $e->build;
    $e->start;
    note($e->name . ': checking counts');
    check_counts($e, @rows);
    if ($o{counts}) {
        $e->stop;
        return \%g;
    }
    for my $mode (map { $_->[0] } @modes) {
        note($e->name . ": answering, $mode");
        $g{$mode} = time_mode($e, $mode, @rows);
    }
    $g{rss} = $e->rss;
    note($e->name . ': adding and deleting');
    $g{$_} = $e->add($_) for qw(fresh added);
    $g{delete} = $e->delete;
    $e->stop;
    return \%g;
}

# --- the tables ---

sub number {
    my ($n) = @_;
    return '-' unless defined $n;
    my $text = $n >= 100 ? sprintf('%.0f', $n) : $n >= 10 ? sprintf('%.1f', $n) : sprintf('%.2f', $n);
    1 while $text =~ s/^(\d+)(\d{3})/$1,$2/;
    return $text;
}

sub ms { return map { number(defined $_ ? $_ * 1000 : undef) } @_ }

# A figure, and how many times weft's it is.
sub beside {
    my ($n, $weft) = @_;
    my $times = $weft ? $n / $weft : 1;
    return number($n) . ($times == 1 ? '' : sprintf($times < 0.1 ? ' (%.1g x)' : ' (%.2f x)', $times));
}

sub table {
    my ($title, @rows) = @_;
    my @width;
    for my $row (@rows) {
        for my $i (0 .. $#$row) {
            $width[$i] = length $row->[$i] if length $row->[$i] > ($width[$i] // 0);
        }
    }
    print "\n## $title\n\n";
    splice @rows, 1, 0, [map { '-' x $_ } @width];
    for my $row (@rows) {
        print '| ', join(' | ', map { sprintf '%-*s', $width[$_], $row->[$_] } 0 .. $#width), " |\n";
    }
    return;
}

sub cost_table {
    my $w = $got{weft};
    table('Build', ['engine', 'CPU s', 'wall s', 'peak RSS MB', 'MB on disk', 'RSS MB answering'], map {
        my ($n, $b) = ($_->name, $got{$_->name}{build});
        [$n, (map { beside($b->{$_}, $w && $w->{build}{$_}) } qw(cpu wall rss)), beside($b->{bytes} / 1e6, $w && $w->{build}{bytes} / 1e6),
            beside($got{$n}{rss}, $w && $w->{rss})]
    } @engines);
    for my $mode (@modes) {
        table("Ten best, $mode->[1]: ms", ['engine', 'p50', 'p95', 'p99', 'mean CPU', 'KB of reply', 'queries'], map {
            my ($n, $m) = ($_->name, $got{$_->name}{$mode->[0]});
            my $base = $w && $w->{$mode->[0]};
            my $asked = @{$m->{all}};
            [$n, (map { my $p = $_; beside(percentile($p, @{$m->{all}}) * 1000, $base && percentile($p, @{$base->{all}}) * 1000) } 50, 95, 99),
                beside($m->{cpu} * 1000, $base && $base->{cpu} * 1000), number($m->{bytes} / 1000 / $asked),
                $asked . ($m->{partial} ? ", $m->{partial} partial" : '') . ($m->{failed} ? ", $m->{failed} failed" : '')]
        } @engines);
    }
    return;
}

sub kind_table {
    my ($mode) = @_;
    table("By kind, $mode->[1]: p50 / p99 ms", ['engine', @kinds], map {
        my $m = $got{$_->name}{$mode->[0]};
        [$_->name, map { join ' / ', ms(percentile(50, @{$m->{$_} || []}), percentile(99, @{$m->{$_} || []})) } @kinds]
    } @engines);
    return;
}

sub change_table {
    my $w = $got{weft};
    my %title = (fresh => '1,000 records of new conversations added', added => '1,000 comments added under old ones', delete => '1,000 comments deleted');
    for my $c (qw(fresh added delete)) {
        table("$title{$c}, until a search sees it", ['engine', 'wall s', 'CPU s'], map {
            my $g = $got{$_->name}{$c};
            [$_->name, map { beside($g->{$_}, $w && $w->{$c}{$_}) } qw(wall cpu)]
        } @engines);
    }
    return;
}

my @rows = make_archive();
printf "# weft and its peers: %s records, %s MB of JSON, %d queries; load %s\n", number($o{records}),
    number(Measure::bytes_of("$dir/data/records.ndjson") / 1e6), scalar @rows, load();
for my $name (split /,/, $o{engines}) {
    my $class = $class{$name} or die "no engine '$name': weft, sqlite and lucene are known\n";
    my $e = $class->new("$dir/$name", "$dir/data");
    my $why = $e->missing;
    if ($why) {
        print "\n", $e->name, " is left out: $why (make bench-deps installs it).\n";
        next;
    }
    push @engines, $e;
    $got{$e->name} = run_engine($e, @rows);
}
if (!$o{counts}) {
    cost_table();
    kind_table($_) for @modes;
    change_table();
}
if ($got{weft} && $o{load} && !$o{counts}) {
    system($^X, "$FindBin::Bin/load.pl", '--index', "$dir/weft/index", '--queries', "$dir/data/queries.tsv", '--seconds', $o{load}) == 0
        or push @wrong, 'load.pl: see above';
}
print "\nLoad at the end ", load(), "\n" if !$o{counts};
print "Cut at a deadline and not compared: $cut\n" if $cut;
print "wrong: $_\n" for @wrong;
print @wrong ? scalar(@wrong) . ' wrong count' . (@wrong > 1 ? 's' : '') : 'every count ' . ($cut ? 'compared ' : '') . 'is the one made by brute force', "\n";
exit(@wrong ? 1 : 0);
