#!/usr/bin/perl
# knownitems.pl [--seed N] FILE... - queries with a known answer from any archive in weft's NDJSON with nested threads: lines of
# set, target, target's quoter or "-", query.
#
# A word is a run of letters, at least 3, not a function word. It is usable when it stands in 5 comments to 1 % of them; the
# salient words of a comment are its six usable ones with the highest tf x idf. Comments of 12 to 400 words; at most two queries
# a thread and set; the words of a query are shuffled, those of a quoted line are not.
#
#   headline  two words of the headline that the comment lacks and two salient of the comment -> the comment
#   parent    two salient words of the parent and two of the reply, none shared -> the reply
#   control   three salient words -> the comment
#   mostly    three words of the headline and one usable of the comment -> the comment
#   quote     6 to 8 words in a row of a line quoted from an ancestor -> the ancestor, and not the one who quotes
#   article   the headline -> the article
use strict;
use warnings;
use Getopt::Long;
use JSON::PP ();
use List::Util qw(shuffle uniq first min);

my $seed = 1;
GetOptions('seed=i' => \$seed) && @ARGV or die "usage: $0 [--seed N] FILE...\n";
srand($seed);
my %function = map { $_ => 1 } qw(the and that for was with are this have from had but not they you all can her has there been more when
    will would who what about out into any your how said its than then them these his she him our were which their one just like
    very only also some other could should did does don get got here why where because too now over even most much such);
my (%article, %comment, @ids, %df);
my $json = JSON::PP->new->utf8;

sub words_of { return grep { length > 2 && !$function{$_} } map { lc } $_[0] =~ /(\p{L}+)/g }

# The lines of a comment in its own voice, and those it quotes.
sub split_lines {
    my ($body) = @_;
    my @lines = split /\n/, $body;
    return (join("\n", grep { !/^\s*>/ } @lines), [map { s/^[\s>]+//r } grep { /^\s*>/ } @lines]);
}

sub read_record {
    my ($r) = @_;
    return if ($r->{status} // 'public') ne 'public' || $r->{deleted};
    if ($r->{type} eq 'article') {
        $article{$r->{id}} = {id => $r->{id}, title => $r->{title} // '', words => [uniq words_of($r->{title} // '')]};
        return;
    }
    my ($own, $quoted) = split_lines($r->{body} // '');
    my @all = $own =~ /(\p{L}+)/g;
    my %tf;
    $tf{$_}++ for words_of($own);
    $df{$_}++ for keys %tf;
    push @ids, $r->{id};
    $comment{$r->{id}} = {id => $r->{id}, article => $r->{article}, parent => $r->{parent}, own => $own, quoted => $quoted, tf => \%tf,
        fits => @all >= 12 && @all <= 400};
}

for my $file (@ARGV) {
    open(my $in, '<', $file) or die "$file: $!\n";
    read_record($json->decode($_)) while <$in>;
}
my $most = @ids / 100;

sub usable { my ($c) = @_; return grep { $df{$_} >= 5 && $df{$_} <= $most } sort keys %{$c->{tf}} }

sub salient {
    my ($c) = @_;
    my %weight = map { $_ => $c->{tf}{$_} * log(@ids / $df{$_}) } usable($c);
    my @best = sort { $weight{$b} <=> $weight{$a} || $a cmp $b } keys %weight;
    return @best[0 .. min(5, $#best)];
}

sub some { my ($n, @words) = @_; my @list = shuffle(@words); return @list >= $n ? @list[0 .. $n - 1] : () }

my %asked; # set and thread => queries
sub ask {
    my ($set, $thread, $target, $quoter, @words) = @_;
    return if !@words || $asked{"$set $thread"}++ >= 2;
    print join("\t", $set, $target, $quoter // '-', join(' ', @words)), "\n";
}

sub ask_of_headline {
    my ($c, $set, $of_title, $of_own, @own) = @_;
    my @title = some($of_title, grep { !$c->{tf}{$_} && ($df{$_} // 0) <= 5 * $most } @{$article{$c->{article}}{words}});
    my @words = some($of_own, grep { my $w = $_; !grep { $_ eq $w } @title } @own);
    ask($set, $c->{article}, "comment:$c->{id}", undef, shuffle(@title, @words)) if @title && @words;
}

sub ask_of_parent {
    my ($c, $p) = @_;
    my @first = some(2, grep { !$c->{tf}{$_} } salient($p));
    my @second = some(2, grep { !$p->{tf}{$_} } salient($c));
    ask('parent', $c->{article}, "comment:$c->{id}", undef, shuffle(@first, @second)) if @first && @second;
}

# The nearest ancestor that says the words of a quoted line, in a row.
sub ask_of_quote {
    my ($c) = @_;
    for my $line (@{$c->{quoted}}) {
        my @words = $line =~ /(\p{L}+)/g;
        my $n = 6 + int rand 3;
        next if @words < $n;
        my $from = int rand(@words - $n + 1);
        my @run = map { lc } @words[$from .. $from + $n - 1];
        my $run = join ' ', @run;
        my ($p, $steps) = ($comment{$c->{parent} // ''}, 0);
        while ($p && $steps++ < 100 && index(join(' ', map { lc } $p->{own} =~ /(\p{L}+)/g), $run) < 0) {
            $p = $comment{$p->{parent} // ''};
        }
        ask('quote', $c->{article}, "comment:$p->{id}", "comment:$c->{id}", @run) if $p;
    }
}

for my $id (shuffle(sort @ids)) {
    my $c = $comment{$id};
    next if !$c->{fits} || !$article{$c->{article}};
    my $p = $comment{$c->{parent} // ''};
    my @salient = salient($c);
    ask('control', $c->{article}, "comment:$id", undef, some(3, @salient));
    ask_of_headline($c, 'headline', 2, 2, @salient);
    ask_of_headline($c, 'mostly', 3, 1, usable($c));
    ask_of_parent($c, $p) if $p;
    ask_of_quote($c);
}
ask('article', $_->{id}, "article:$_->{id}", undef, $_->{title} =~ /(\p{L}+)/g) for map { $article{$_} } sort keys %article;
