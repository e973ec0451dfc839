#!/usr/bin/perl
# eval.pl [--weft-only] [ARCHIVE...] - how well weft ranks, beside its own words only: one table, the same on every run.
#
# Known items: of a generated archive (archive.pl) or of the archives named, by knownitems.pl. Odd queries were there to tune on,
# even ones are held out. Judged queries: of ${WEFT_SHARED:-../shared}/judged, left out when it is absent.
#
# "own words" is the plain alternative: each comment a loose document of all its text, ranked by the weight of its own words (the
# part `bag` of explain). It has no thread, no headline, no parent and no quotes. --weft-only leaves it out.
use strict;
use warnings;
use FindBin ();
use lib $FindBin::Bin;
use File::Temp ();
use Getopt::Long;
use IPC::Open2;
use JSON::PP ();
use List::Util qw(sum0);
use Score;

my $B      = $ENV{B} || 'build';
my $shared = $ENV{WEFT_SHARED} || '../shared';
my $json   = JSON::PP->new->utf8->canonical;
my $tmp    = File::Temp->newdir;
my ($depth, $known_depth) = (100, 20);
GetOptions('weft-only' => \my $weft_only) or die "usage: $0 [--weft-only] [ARCHIVE...]\n";

sub run { system(@_) == 0 or die "@_: failed\n" }

# The same records as loose documents: comments become articles without a headline, articles are left out unless asked for.
sub loosen {
    my ($from, $to, $articles) = @_;
    open(my $in,  '<', $from) or die "$from: $!\n";
    open(my $out, '>', $to)   or die "$to: $!\n";
    while (<$in>) {
        my $r = $json->decode($_);
        my $own = $r->{type} eq 'comment';
        next if !$own && !$articles;
        print {$out} $json->encode({type => 'article', id => "$r->{type}:$r->{id}", title => $own ? '' : $r->{title} // '', body => $r->{body} // ''}), "\n";
    }
    close($out) or die "$to: $!\n";
}

sub index_of {
    my ($file, $name) = @_;
    run("$B/weft-indexer build -q -i $tmp/$name $file >$tmp/log 2>&1");
    my $pid = open2(my $out, my $in, "exec $B/weft-searchd --stdio -i $tmp/$name 2>>$tmp/log");
    return {in => $in, out => $out, pid => $pid};
}

sub ask {
    my ($x, %request) = @_;
    print {$x->{in}} $json->encode({cmd => 'search', context => 'none', %request}), "\n";
    $x->{in}->flush;
    my $reply = $json->decode(scalar readline $x->{out});
    die "$request{q}: $reply->{error}{message}\n" if !$reply->{ok};
    return $reply->{hits};
}

sub ranked { my ($x, $q, $n, @more) = @_; return [map { $_->{ref} } @{ask($x, q => $q, limit => $n, @more)}] }

# The first n of the first `pages` hundred loose documents, by their own words alone.
sub own_words {
    my ($x, $q, $n, $pages) = @_;
    my %bag;
    for my $page (0 .. $pages - 1) {
        my $hits = ask($x, q => $q, limit => 100, offset => 100 * $page, explain => 1);
        $bag{$_->{ref} =~ s/^article://r} = $_->{explain}{bag} for @$hits;
        last if @$hits < 100;
    }
    my @list = sort { $bag{$b} <=> $bag{$a} || $a cmp $b } keys %bag;
    return [@list[0 .. ($#list < $n ? $#list : $n - 1)]];
}

# The rankings of one query that are compared: [name, list]...
sub rankings {
    my ($weft, $loose, $q, $n, $pages, @more) = @_;
    return ([weft => ranked($weft, $q, $n, @more)], $weft_only ? () : [own => own_words($loose, $q, $n, $pages)]);
}

sub mean { return @_ ? sum0(@_) / @_ : undef }

my @rows;
sub row { my ($name, $measure, $n, $own, $weft) = @_; push @rows, sprintf "%-34s %-8s %5d   %s   %.4f\n", $name, $measure, $n, defined $own ? sprintf('%.4f', $own) : '     -', $weft }

# Known items: reciprocal rank of the target, and how often it stands above the one who quotes it.
sub known_items {
    my ($archive) = @_;
    my %by_set;
    for (split /\n/, `$^X $FindBin::Bin/knownitems.pl $archive`) {
        my ($set, @query) = split /\t/;
        push @{$by_set{$set}}, \@query;
    }
    loosen($archive, "$tmp/loose.ndjson", 1);
    my ($weft, $loose) = (index_of($archive, 'weft'), index_of("$tmp/loose.ndjson", 'loose'));
    for my $set (sort keys %by_set) {
        my (%rr, $above, $quoted, %own_above);
        my $i = 0;
        for (@{$by_set{$set}}) {
            my ($target, $quoter, $q) = @$_;
            my $half = $i++ % 2 ? 'held out' : 'tuned';
            for (rankings($weft, $loose, $q, $known_depth, 1)) {
                my ($who, $list) = @$_;
                push @{$rr{$half}{$who}}, Score::reciprocal_rank($list, {$target => 1});
                next if $quoter eq '-';
                my %at;
                $at{$list->[$_]} //= $_ for 0 .. $#$list;
                $own_above{$who} += ($at{$target} // 1e9) < ($at{$quoter} // 1e9);
            }
        }
        row("$set, $_", 'MRR', scalar @{$rr{$_}{weft}}, mean(@{$rr{$_}{own} // []}), mean(@{$rr{$_}{weft}})) for 'tuned', 'held out';
        row('quote, original above quoter', 'share', $i, $weft_only ? undef : $own_above{own} / $i, $own_above{weft} / $i) if $set eq 'quote';
    }
}

sub read_rows { my ($file) = @_; open(my $in, '<', $file) or die "$file: $!\n"; chomp(my @l = <$in>); return map { [split /\s+/, $_, 4] } @l }

# Human judgments: open search over all comments, and the candidates alone.
sub judged {
    my ($dir) = @_;
    my (%grade, %candidates);
    for my $part (qw(train2 dev)) {
        $grade{$_->[0]}{"comment:$_->[2]"} = $_->[3] for read_rows("$dir/qrels.$part.tsv");
        push @{$candidates{$_->[0]}}, $_->[1] for read_rows("$dir/candidates.$part.tsv");
    }
    open(my $in, '<', "$dir/queries.tsv") or die "$dir/queries.tsv: $!\n";
    chomp(my @lines = <$in>);
    my %query = map { split /\t/, $_, 2 } @lines;
    run("gzip -dc $dir/corpus.ndjson.gz >$tmp/judged.ndjson");
    loosen("$tmp/judged.ndjson", "$tmp/judged-loose.ndjson", 0);
    my ($weft, $loose) = (index_of("$tmp/judged.ndjson", 'judged'), index_of("$tmp/judged-loose.ndjson", 'judged-loose'));
    my (%m, @official);
    for my $id (sort keys %grade) {
        my %threads = map { s/_C\d+$//r => 1 } @{$candidates{$id}};
        my $scope = join ' OR ', map { "article:$_" } sort keys %threads;
        push @official, Score::official_ap(ranked($weft, "($scope) $query{$id}", $depth, type => 'comment'), $grade{$id});
        next if !Score::relevant($grade{$id});
        for (rankings($weft, $loose, $query{$id}, $depth, 10, type => 'comment')) {
            my ($who, $list) = @$_;
            push @{$m{map}{$who}}, Score::average_precision($list, $grade{$id});
            push @{$m{ndcg}{$who}}, Score::ndcg($list, $grade{$id}, 10);
            push @{$m{recall}{$who}}, Score::recall($list, $grade{$id}, 100);
        }
    }
    for (['MAP', 'map'], ['nDCG@10', 'ndcg'], ['R@100', 'recall']) {
        row('judged, open search', $_->[0], scalar @{$m{$_->[1]}{weft}}, mean(@{$m{$_->[1]}{own} // []}), mean(@{$m{$_->[1]}{weft}}));
    }
    row('judged, 100 candidates, official', 'MAP', scalar @official, undef, mean(@official));
}

my @archives = @ARGV;
if (!@archives) {
    run("$^X $FindBin::Bin/archive.pl 1 >$tmp/archive.ndjson");
    @archives = ("$tmp/archive.ndjson");
}
known_items($_) for @archives;
if (-d "$shared/judged/semeval2016") {
    judged("$shared/judged/semeval2016");
} else {
    print "judged queries left out: no $shared/judged here\n";
}
printf "%-34s %-8s %5s   %s   %s\n", 'set', 'measure', 'n', 'own words', 'weft';
print @rows;
