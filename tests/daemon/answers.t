#!/usr/bin/perl
# answers.t - facets over random archives, against a count of every document by hand (Brute.pm).
#
# SEEDS=7 or SEEDS=100..200 tries others than the fixed ones.
use strict;
use warnings;
use lib 'tests/daemon';
use JSON::PP ();
use List::Util qw(max);
use POSIX ();
use Test::More;
use Brute;
use Weft;

$ENV{TZ} = 'UTC';
POSIX::tzset();
my ($first, $last) = ($ENV{SEEDS} || '1..12') =~ /^(\d+)(?:\.\.(\d+))?$/ or die "SEEDS is N or N..M\n";
my $QUERIES = 24;
my $json    = JSON::PP->new->canonical;    # bytes of UTF-8 go through as they are

# --- an archive with what answers are made of: one name in several spellings, languages ---

my %OTHER = ('Ann' => 'ANN', 'bob' => 'Bob', 'Blorp' => 'blorp', 'ÉMILE' => 'Emile', 'van der Zant' => 'Van der Zant');

sub fold { return lc($_[0] =~ s/\xC3\x89/e/gr) }

sub new_archive {
    my ($seed) = @_;
    my $archive = Brute->new($seed);
    my %document = map { $_->{ref} => $_ } @{$archive->{documents}};
    for my $r (@{$archive->{records}}) {
        my %more = (lang => Brute::one_of('en', 'en', 'eo'));
        $more{author} = $OTHER{$r->{author}} if defined $r->{author} && $OTHER{$r->{author}} && Brute::chance(.3);
        push @{$r->{tags}}, grep { Brute::chance(.2) } qw(GREEN blue) if $r->{tags};
        $r->{section} = uc $r->{section} if $r->{section} && Brute::chance(.3);
        $_ and @$_{keys %more, 'section'} = (values %more, $r->{section}) for $r, $document{"$r->{type}:$r->{id}"};
    }
    return $archive;
}

# --- facets ---

# The values of a document, as they are given.
sub values_of {
    my ($d, $name) = @_;
    my $about = $d->{about} // {};
    return grep { defined } $d->{author} if $name eq 'author';
    return grep { defined } $about->{$name} if $name =~ /^(?:section|site)$/;
    return @{$about->{tags} // []} if $name eq 'tag';
    return $d->{$name} if $name eq 'type' || $name eq 'lang';
    return defined $d->{date} ? POSIX::strftime($name eq 'year' ? '%Y' : '%Y-%m', gmtime $d->{date}) : ();
}

# "value count" of the ten most frequent, ties in the order of the folded value; the value as most of the documents spell it.
sub facet {
    my ($name, @documents) = @_;
    my (%count, %spelt);
    for my $d (@documents) {
        my %once;
        for my $value (values_of($d, $name)) {
            next if $once{fold($value)}++;
            $count{fold($value)}++;
            $spelt{fold($value)}{$value}++;
        }
    }
    my @keys = sort { $count{$b} <=> $count{$a} || $a cmp $b } keys %count;
    splice @keys, 10 if @keys > 10;
    return map {
        my $of = $spelt{$_};
        my $best = max(values %$of);
        ($name eq 'author' ? $_ : (sort grep { $of->{$_} == $best } keys %$of)[0]) . " $count{$_}"
    } @keys;
}

my @FACETS = qw(author section site tag year month type lang);

sub facets_wanted {
    my (@hits) = @_;
    return map { "$_: " . join ', ', facet($_, @hits) } @FACETS;
}

# An author is shown as one of their documents has it.
sub facets_found {
    my ($reply, $archive) = @_;
    return 'not exact' if exists $reply->{facets_exact};
    my %known = map { $_->{author} => 1 } grep { defined $_->{author} } @{$archive->{documents}};
    return map {
        my $name = $_;
        "$name: " . join ', ', map {
            my ($value, $count) = @$_;
            $name ne 'author' ? "$value $count" : $known{$value} ? fold($value) . " $count" : "nobody is '$value'"
        } @{$reply->{facets}{$name}}
    } @FACETS;
}

# --- every archive ---

my %wrong;

sub check {
    my ($what, $seed, $asked, $got, $want) = @_;
    my ($g, $w) = (join("\n", @$got), join("\n", @$want));
    diag("seed $seed: $asked\nexpected $w\nfound    $g") if $g ne $w && $wrong{$what}++ < 3;
}

sub try_archive {
    my ($seed) = @_;
    my $archive  = new_archive($seed);
    my $dir      = Weft::index_in_parts($seed, split /^/, $archive->ndjson);
    my @queries  = map { $archive->query } 1 .. $QUERIES;
    my @requests = map { 'search limit=1 context=none facets=' . join(',', @FACETS) . " -- $_->{text}" } @queries;
    my @replies  = map { $json->decode($_) } Weft::ask_pipe($dir, @requests);
    for my $i (0 .. $#queries) {
        my @hits = $archive->hits($queries[$i]{tree});
        check('facets', $seed, $requests[$i], [facets_found($replies[$i], $archive)], [facets_wanted(@hits)]);
    }
}

try_archive($_) for $first .. $last // $first;
my $tried = ($last // $first) - $first + 1;
is($wrong{$_} // 0, 0, "$_: $tried archives, $QUERIES queries each") for 'facets';

# --- what the random ones do not reach ---

my $dir = Weft::index_of(map { $json->encode($_) . "\n" }
    {type => 'article', id => 'a', title => 'Soup', tags => [map { sprintf 't%02d', $_ } 1 .. 12], author => 'Ann'},
    map { {type => 'comment', id => "c$_", article => 'a', body => 'soup', author => "w$_"} } 1 .. 12);
my ($ten, $alone, $none, $bad, $empty, $nothing) = Weft::replies_of($dir, 'search facets=tag,author -- soup', 'search facets=year -- soup',
    'search -- soup', 'search facets=tag,topic -- soup', 'search facets=tag, -- soup', 'search facets=tag -- gravy');
is(join(' ', map { "@$_" } @{$ten->{facets}{tag}}), join(' ', map { sprintf 't%02d 13', $_ } 1 .. 10), 'ten values, in order');
is(join(' ', map { "@$_" } @{$ten->{facets}{author}}), 'Ann 1 w1 1 w10 1 w11 1 w12 1 w2 1 w3 1 w4 1 w5 1 w6 1', '... of one count too');
is_deeply($alone->{facets}, {year => []}, 'no value, no row');
ok(!exists $none->{facets}, 'none unasked');
is($bad->{error}{code}, 'bad_request', 'an unknown facet');
like($bad->{error}{message}, qr/^no facet 'topic': there are author, section, site, tag, year, month, type, lang$/, '... is named');
is($empty->{error}{code}, 'bad_request', 'an empty one');
is_deeply($nothing->{facets}, {tag => []}, 'nothing found');
ok(!exists $nothing->{facets_exact}, '... exactly');
done_testing;
