#!/usr/bin/perl
# answers.t - facets and groups over random archives, against a count of every document by hand (Brute.pm).
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

# --- groups ---

sub key_of {
    my ($d, $kind) = @_;
    return $kind eq 'thread' ? "article:$d->{article}" : defined $d->{author} ? fold($d->{author}) : undef;
}

# A list of documents as groups, in order: {key, matched, hits}. $is_hit says which are of the first tier.
sub grouped {
    my ($kind, $is_hit, @list) = @_;
    my (%by, @groups);
    for my $d (@list) {
        my $key = key_of($d, $kind);
        my $g = defined $key ? $by{$key} : undef;
        if (!$g) {
            $g = {key => $key // 'null', matched => 0, hits => []};
            push @groups, $g;
            $by{$key} = $g if defined $key;
        }
        push @{$g->{hits}}, $d->{ref};
        $g->{matched}++ if $is_hit->{$d->{ref}};
    }
    return @groups;
}

# What a page of groups must hold, one line each.
sub group_lines {
    my ($o, $is_hit, @list) = @_;
    my @groups = grouped($o->{group}, $is_hit, @list);
    my $total = grep { $_->{matched} } @groups;
    splice @groups, 0, $o->{offset};
    splice @groups, $o->{limit} if @groups > $o->{limit};
    return "groups $total", map {
        my @hits = @{$_->{hits}};
        splice @hits, $o->{each} if @hits > $o->{each};
        "$_->{key} $_->{matched}: @hits"
    } @groups;
}

sub groups_found {
    my ($reply) = @_;
    my (@lines, $last);
    for my $hit (@{$reply->{hits}}) {
        my $head = ($hit->{group}{key} // 'null') . " $hit->{group}{matched}";
        if (defined $last && $last eq $head && $head !~ /^null /) {
            $lines[-1] .= " $hit->{ref}";
        } else {
            push @lines, "$head: $hit->{ref}";
        }
        $last = $head;
    }
    return "groups $reply->{total}{groups}", @lines;
}

# One page of groups of each query: by score in the order of the flat list, by a value in the order of the documents.
sub try_groups {
    my ($seed, $archive, $dir, @queries) = @_;
    my %by = map { $_->{ref} => $_ } @{$archive->{documents}};
    my @options = map { {sort => Brute::one_of(qw(score score newest oldest votes replies)), group => Brute::one_of(qw(thread author)),
        each => 1 + int rand 3, limit => 1 + int rand 4, offset => Brute::one_of(0, 0, int rand 4)} } @queries;
    my $i = 0;
    my @requests = map { my $o = $options[$i++]; ("search sort=$o->{sort} limit=100 context=none -- $_->{text}", "search sort=$o->{sort} " .
        "group=$o->{group} group_hits=$o->{each} limit=$o->{limit} offset=$o->{offset} context=none -- $_->{text}") } @queries;
    my @replies = map { $json->decode($_) } Weft::ask_pipe($dir, @requests);
    for my $i (0 .. $#queries) {
        my ($o, $tree) = ($options[$i], $queries[$i]{tree});
        my @hits = $archive->hits($tree);
        my %is_hit = map { $_->{ref} => 1 } @hits;
        my @list = $o->{sort} eq 'score' ? map { $by{$_->{ref}} } @{$replies[2 * $i]{hits}}
            : map { $archive->ordered($o->{sort}, @$_) } \@hits, [$archive->relaxed($tree)];
        check('groups', $seed, $requests[2 * $i + 1], [groups_found($replies[2 * $i + 1])], [group_lines($o, \%is_hit, @list)]);
    }
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
    my @types    = map { Brute::one_of('', '', 'comment', 'article') } @queries;
    my @requests = map { my $also = $types[$_] && " type=$types[$_]"; $also .= Brute::one_of('', ' group=thread', ' group=author', ' sort=votes');
        'search limit=1 context=none facets=' . join(',', @FACETS) . "$also -- $queries[$_]{text}" } 0 .. $#queries;
    my @replies  = map { $json->decode($_) } Weft::ask_pipe($dir, @requests);
    for my $i (0 .. $#queries) {
        my @hits = grep { !$types[$i] || $_->{type} eq $types[$i] } $archive->hits($queries[$i]{tree});
        check('facets', $seed, $requests[$i], [facets_found($replies[$i], $archive)], [facets_wanted(@hits)]);
    }
    try_groups($seed, $archive, $dir, @queries);
}

try_archive($_) for $first .. $last // $first;
my $tried = ($last // $first) - $first + 1;
is($wrong{$_} // 0, 0, "$_: $tried archives, $QUERIES queries each") for qw(facets groups);

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
my $twice = Weft::index_of($json->encode({type => 'article', id => 'a', title => 'Soup', tags => ['Green', 'red', 'GREEN']}) . "\n",
    $json->encode({type => 'article', id => 'b', title => 'Soup', tags => ['GREEN']}) . "\n");
is_deeply((Weft::replies_of($twice, 'search facets=tag -- soup'))[0]{facets}{tag}, [['GREEN', 2], ['red', 1]], 'a tag in two spellings counts once a hit');

for (['group_hits=2', 'bad_request', "'group_hits' goes with 'group'"], ['group=thread group_hits=10 limit=11', 'limit', 'limit * group_hits is over 100 hits'],
    ['group=site', 'bad_request', "'group' must be one of thread, author"], ['group=author group_hits=11', 'bad_request', "'group_hits' must be an integer from 1 to 10"]) {
    my ($reply) = Weft::replies_of($dir, "search $_->[0] -- soup");
    is("$reply->{error}{code} $reply->{error}{message}", "$_->[1] $_->[2]", $_->[0]);
}
ok((Weft::replies_of($dir, 'search group=thread group_hits=10 limit=10 -- soup'))[0]{ok}, 'a hundred hits may be asked for');

# Groups past the list they are made of (5,000 hits): one long thread of talkative authors before 70 short ones of others.
my @long = map { {type => 'comment', id => "l$_", article => 'long', date => 1.5e9 + $_, body => 'soup', author => 'talker' . $_ % 7} } 1 .. 5100;
my @short = map { {type => 'comment', id => "s$_", article => 'short' . $_ % 70, date => 1.4e9 + $_, body => 'onion onions onion soup gravy bread',
    $_ % 5 ? (author => 'guest' . $_ % 90) : ()} } 1 .. 400;
$dir = Weft::index_of(map { $json->encode($_) . "\n" } @long, @short);
my %by = map { ("comment:$_->{id}" => {%$_, ref => "comment:$_->{id}"}) } @long, @short;
my %is_hit = map { $_ => 1 } keys %by;
my @odd = map { $_->{ref} } map { @{$_->{hits}} } Weft::replies_of($dir, map { 'search limit=73 offset=' . 73 * $_ . ' snippet=1 context=none -- soup' } 0 .. 75);
is(keys %{{map { $_ => 1 } @odd}}, 5500, 'pages that end anywhere hold each hit once');
for my $sort ('newest', 'score') {
    my @flat = map { $by{$_->{ref}} } map { @{$_->{hits}} } Weft::replies_of($dir, map { "search sort=$sort limit=100 offset=${_}00 snippet=1 context=none -- soup" } 0 .. 54);
    is(scalar @flat, 5500, "$sort: the whole list");
    for my $group ('thread', 'author') {
        my @pages = map { {group => $group, each => 3, limit => 33, offset => 33 * $_} } 0 .. 5;
        my @replies = Weft::replies_of($dir, map { "search sort=$sort group=$group group_hits=3 limit=33 offset=$_->{offset} snippet=1 context=none totals=exact -- soup" } @pages);
        my @got = map { [groups_found($_)] } @replies;
        is_deeply($got[$_], [group_lines($pages[$_], \%is_hit, @flat)], "$sort: page $_ by $group") for 0 .. $#pages;
    }
}
done_testing;
