# Brute.pm - random archives and queries, and what a query must find, decided document by document.
#
# Nothing here is shared with weft: the archive is made with its truth (who answers whom, which words are whose), a query is
# made as a tree and written out as text, and the tree is asked of every document.
#
#     my $b = Brute->new($seed);
#     print {$fh} $b->ndjson;                         # the archive
#     my $q = $b->query;                              # {text => '...', tree => [...]}
#     $b->hits($q->{tree}), $b->relaxed($q->{tree});  # documents, as references
package Brute;
use strict;
use warnings;
use JSON::PP ();
use POSIX ();

# Invented words that no stemmer changes, of which none is a stop word.
our @WORDS = qw(blorp blork zant kradom vubik gromp plix troob quonk ledap mirob fuzk dwemp);
my @AUTHORS = ('Ann', 'bob', 'Reasonable, 2,3', 'Blorp', 'van der Zant', 'ÉMILE');
my %FOLDED  = ('ÉMILE' => 'emile');
my $FROM    = 1325376000;    # 2012-01-01, and two years from there
my $DAYS    = 731;
my %IS      = map { $_ => 1 } qw(article comment root reply leaf orphan);

sub new {
    my ($class, $seed) = @_;
    srand($seed);
    my $self = bless {records => [], documents => []}, $class;
    my ($threads, $left) = (1 + int rand 4, 3 + int rand 28);
    for my $t (1 .. $threads) {
        my $n = $t == $threads ? $left : int rand($left);
        $self->add_thread("d$t", $n);
        $left -= $n;
    }
    return $self;
}

# --- the archive ---

sub one_of { return $_[int rand @_] }
sub chance { return rand() < $_[0] }
sub words { return map { one_of(@WORDS) } 1 .. shift }

sub dress {
    my ($word) = @_;
    return chance(.1) ? uc $word : chance(.1) ? ucfirst $word : $word;
}

sub sentence { return join(one_of(' ', ' ', ', '), map { dress($_) } @_) . one_of('', '.', '!') }

sub random_date {
    return undef if chance(.15);
    return $FROM + 86400 * int rand $DAYS if chance(.2);
    return $FROM + int rand 86400 * $DAYS;
}

# Paragraphs of at most 5 words: fewer than can be a silent quote. Returns the text, runs of own words, runs of quoted words.
sub random_body {
    my ($may_quote) = @_;
    my (@text, @own, @quoted);
    for (1 .. int rand 4) {
        my @said = words(1 + int rand 5);
        if ($may_quote && chance(.3)) {
            push @text, chance(.6) ? 'Quote: ' . one_of(@AUTHORS) . "\n" . sentence(@said) : '> ' . sentence(@said);
            push @quoted, \@said;
        } else {
            my $cut = 1 + int rand @said;
            push @text, join one_of("\n", ' '), grep { length > 1 } sentence(@said[0 .. $cut - 1]),
                $cut < @said ? sentence(@said[$cut .. $#said]) : '';
            push @own, \@said;
        }
    }
    return (join("\n\n", @text), \@own, \@quoted);
}

sub fold { return $FOLDED{$_[0]} // lc $_[0] }

sub add_thread {
    my ($self, $article, $comments) = @_;
    my $shown = chance(.85);
    my @title = words(1 + int rand 4);
    my ($body, $own) = random_body(0);
    my %a = (type => 'article', id => $article, title => sentence(@title), body => $body, author => one_of(@AUTHORS),
        date => random_date(), section => one_of('Sport', 'News', undef), site => one_of('Herald', 'Post'),
        tags => [grep { chance(.3) } qw(red Green)], score => chance(.6) ? int(rand 20) - 5 : undef);
    $a{status} = 'hidden' if $shown && chance(.05);
    push @{$self->{records}}, \%a if $shown;
    my @nodes = map { $self->random_comment($article, $_) } 1 .. $comments;
    my %by = map { $_->{record}{id} => $_ } @nodes;
    $self->grow(\@nodes);
    push @{$self->{records}}, map { $_->{record} } @nodes;
    return if $a{status};
    my $headline = $shown ? \%a : undef;
    push @{$self->{documents}}, {%a, ref => "article:$article", article => $article, title => [\@title], own => $own,
        said => {map { $_ => 1 } @title, map { @$_ } @$own}, near => {}, about => $headline} if $shown;
    $self->add_comment($_, $headline, \@title) for grep { !$_->{record}{status} } @nodes;
}

sub random_comment {
    my ($self, $article) = @_;
    my ($body, $own, $quoted) = random_body(1);
    my $id = 'd' . ++$self->{comments};
    my $record = {type => 'comment', id => $id, article => $article, body => $body, author => one_of(@AUTHORS, undef),
        date => random_date(), score => chance(.6) ? int(rand 20) - 5 : undef};
    $record->{status} = one_of('hidden', 'deleted', 'pending') if chance(.12);
    return {record => $record, own => $own, quoted => $quoted, replies => 0, depth => 0};
}

# Hang each comment on an earlier one, on the article, or on one that is missing.
sub grow {
    my ($self, $nodes) = @_;
    for my $i (1 .. $#$nodes) {
        my ($node, $above) = ($nodes->[$i], $nodes->[rand $i]);
        if (chance(.1)) {
            $node->{orphan} = 1;
            $node->{record}{parent} = "missing$i";
        } elsif (chance(.7) && $above->{depth} < 5) {
            @$node{'parent', 'depth'} = ($above, $above->{depth} + 1);
            $node->{record}{parent} = $above->{record}{id};
            $above->{replies}++ unless $node->{record}{status};
        }
    }
}

sub add_comment {
    my ($self, $node, $article, $title) = @_;
    my ($parent, @above) = ($node->{parent});
    my @near = $article ? @$title : ();
    push @near, map { @$_ } @{$parent->{own}} if $parent && !$parent->{record}{status};
    for (my $p = $parent; $p; $p = $p->{parent}) { push @above, $p->{record}{id} }
    push @{$self->{documents}}, {%{$node->{record}}, %$node, ref => "comment:$node->{record}{id}", title => [],
        parent => $parent, said => {map { $_ => 1 } map { @$_ } @{$node->{own}}}, near => {map { $_ => 1 } @near}, about => $article,
        above => \@above};
}

sub ndjson {
    my ($self) = @_;
    my $json = JSON::PP->new->canonical;
    my @lines;
    for my $r (@{$self->{records}}) {
        push @lines, $json->encode({map { $_ => ref $r->{$_} || /date|score/ ? $r->{$_} : bytes($r->{$_}) }
            grep { defined $r->{$_} } keys %$r});
    }
    return join '', map { "$_\n" } @lines;
}

# The sources are bytes of UTF-8; JSON::PP without utf8 gives them through as they are.
sub bytes { return "$_[0]" }

# --- queries ---

# A tree is [kind, ...]: word W, prefix P, spell W, phrase [W...], exact W, near N [W...] [W...], field NAME VALUE, join NAME TREE, and or not with
# trees.
sub query {
    my ($self) = @_;
    my $tree = $self->tree(int rand 4);
    return {tree => $tree, text => text($tree, 0)};
}

sub tree {
    my ($self, $depth) = @_;
    return $self->leaf if $depth == 0;
    my $kind = one_of(qw(and and and or or not leaf join));
    return $self->leaf if $kind eq 'leaf';
    return $self->join_of($depth) if $kind eq 'join';
    return ['not', $self->tree($depth - 1)] if $kind eq 'not';
    return [$kind, map { $self->tree($depth - 1) } 1 .. 2 + int rand 2];
}

# join NAME TREE, or join NAME AUTHOR: what another document of the thread says.
sub join_of {
    my ($self, $depth) = @_;
    return ['join', one_of('reply-to', 'replied-by'), one_of(@AUTHORS)] if chance(.2);
    return ['join', one_of(qw(parent reply article thread thread)), $self->tree($depth - 1)];
}

# Two or three words, more often than not as some document has them in a row.
sub run_of_words {
    my ($self) = @_;
    my $d = one_of(@{$self->{documents}}, undef);
    my @runs = $d ? grep { @$_ > 1 } @{$d->{title}}, @{$d->{own}}, @{$d->{quoted} // []} : ();
    my $run = one_of(@runs, undef) or return words(2 + int rand 2);
    my $from = int rand(@$run - 1);
    return @$run[$from .. POSIX::fmin($#$run, $from + 1 + int rand 2)];
}

sub leaf {
    my ($self) = @_;
    return ['word', words(1)] if chance(.5);
    return ['prefix', substr(one_of(@WORDS), 0, 3 + int rand 2)] if chance(.1);
    return ['spell', misspelt(one_of(@WORDS))] if chance(.1);
    my $kind = one_of(qw(phrase phrase exact near near text text author section site tag id article under is is date date
        score replies depth));
    return ['phrase', $self->run_of_words] if $kind eq 'phrase';
    return ['exact', words(1)] if $kind eq 'exact';
    return ['near', 1 + int rand 4, map { chance(.6) ? [words(1)] : [$self->run_of_words] } 1, 2] if $kind eq 'near';
    return ['text', one_of(qw(title body quote)), chance(.5) ? words(1) : $self->run_of_words] if $kind eq 'text';
    return ['field', $self->field($kind)];
}

# A word after up to two slips: a letter dropped, doubled or replaced, or two swapped.
sub misspelt {
    my ($word) = @_;
    for (1 .. int rand 3) {
        my $at = int rand(length($word) - 1);
        my $kind = int rand 4;
        substr($word, $at, 1) = '' if $kind == 0;
        substr($word, $at, 1) x= 2 if $kind == 1;
        substr($word, $at, 1) = chr(97 + int rand 26) if $kind == 2;
        substr($word, $at, 2) = reverse substr($word, $at, 2) if $kind == 3;
    }
    return $word;
}

sub field {
    my ($self, $kind) = @_;
    my $id = one_of('', '', 'article:', 'comment:') . 'd' . (1 + int rand(2 + ($self->{comments} // 0)));
    return ($kind, one_of(@AUTHORS)) if $kind eq 'author';
    return ($kind, one_of('sport', 'News', 'other')) if $kind eq 'section';
    return ($kind, one_of('herald', 'post')) if $kind eq 'site';
    return ($kind, one_of('red', 'green')) if $kind eq 'tag';
    return ($kind, one_of(sort keys %IS)) if $kind eq 'is';
    return ($kind, $id) if $kind =~ /^(?:id|article|under)$/;
    return $self->date_field if $kind eq 'date';
    return number_field($kind);
}

# Half-open seconds of a day, month or year, by the calendar of the C library; or the very second of a document.
sub seconds { return POSIX::mktime(0, 0, 0, $_[2], $_[1] - 1, $_[0] - 1900) }

sub unit_of_time {
    my ($self) = @_;
    my ($y, $m, $d) = (2012 + int rand 2, 1 + int rand 12, 1 + int rand 28);
    my @dated = grep { defined $_->{date} } @{$self->{documents}};
    if (@dated && chance(.3)) {
        my $at = one_of(@dated)->{date};
        return (POSIX::strftime('%Y-%m-%dT%H:%M:%SZ', gmtime $at), $at, $at + 1);
    }
    my $kind = int rand 5;
    return ($y, seconds($y, 1, 1), seconds($y + 1, 1, 1)) if $kind == 0;
    return (sprintf('%d-%02d', $y, $m), seconds($y, $m, 1), seconds($y, $m + 1, 1)) if $kind < 3;
    return (sprintf('%d-%02d-%02d', $y, $m, $d), seconds($y, $m, $d), seconds($y, $m, $d + 1));
}

sub date_field {
    my ($self) = @_;
    my ($text, $lo, $hi) = $self->unit_of_time;
    my $name = one_of('date', 'date', 'after', 'before');
    return ($name, $text, $lo, 9e15) if $name eq 'after';
    return ($name, $text, -9e15, $lo) if $name eq 'before';
    return ($name, $text, $lo, $hi) if chance(.3);
    my ($other, $other_lo, $other_hi) = $self->unit_of_time;
    return ($name, "$text..", $lo, 9e15) if chance(.2);
    return ($name, "..$text", -9e15, $hi) if chance(.2);
    return $lo < $other_hi ? ($name, "$text..$other", $lo, $other_hi) : ($name, "$other..$text", $other_lo, $hi);
}

sub number_field {
    my ($name) = @_;
    my $n = $name eq 'score' ? int(rand 20) - 5 : int rand 4;
    my $m = $n + int rand 5;
    return @{one_of([$name, "$n", $n, $n], [$name, ">$n", $n + 1, 9e15], [$name, ">=$n", $n, 9e15], [$name, "<$n", -9e15, $n - 1],
        [$name, "<=$n", -9e15, $n], [$name, "$n..$m", $n, $m], [$name, "$n..", $n, 9e15], [$name, "..$n", -9e15, $n])};
}

my %BINDS = (or => 1, and => 2, not => 3);

# The tree as somebody types it: brackets where the precedence asks for them, and sometimes where it does not.
sub text {
    my ($node, $outer) = @_;
    my ($kind, @parts) = @$node;
    my $binds = $BINDS{$kind} // 4;
    my $inner = $kind eq 'or' ? join ' OR ', map { text($_, 1) } @parts
        : $kind eq 'and' ? join(one_of(' ', ' ', ' AND '), map { text($_, 2) } @parts)
        : $kind eq 'not' ? one_of('-', 'NOT ') . text($parts[0], 4)
        : $kind eq 'join' ? "$parts[0]:" . (ref $parts[1] ? '(' . text($parts[1], 0) . ')' : quoted($parts[1]))
        : leaf_text($kind, @parts);
    return $binds < $outer || chance(.1) ? "($inner)" : $inner;
}

sub quoted { return '"' . join(' ', @_) . '"' }

sub leaf_text {
    my ($kind, @parts) = @_;
    return dress($parts[0]) if $kind eq 'word';
    return dress($parts[0]) . '*' if $kind eq 'prefix';
    return '~' . dress($parts[0]) if $kind eq 'spell';
    return "=$parts[0]" if $kind eq 'exact';
    return quoted(@parts) if $kind eq 'phrase';
    return join " NEAR/$parts[0] ", map { @$_ > 1 ? quoted(@$_) : $_->[0] } @parts[1, 2] if $kind eq 'near';
    my ($name, @value) = $kind eq 'text' ? @parts : @parts[0, 1];
    return "$name:" . (@value > 1 || $value[0] =~ /[ ,]/ || chance(.1) && $kind ne 'text' ? quoted(@value) : $value[0]);
}

# --- what it means ---

use constant {NONE => 0, WEAK => 1, NEUTRAL => 2, STRONG => 3};

# Whether the words stand in the run from place $at on.
sub stands_at {
    my ($run, $at, @words) = @_;
    return 0 if $at < 0 || $at + @words > @$run;
    return !grep { $run->[$at + $_] ne $words[$_] } 0 .. $#words;
}

sub holds {
    my ($runs, @words) = @_;
    for my $run (@$runs) {
        return 1 if grep { stands_at($run, $_, @words) } 0 .. $#$run;
    }
    return 0;
}

# The one ends and the other begins at most n words later, whichever comes first.
sub near {
    my ($runs, $n, $a, $b) = @_;
    for my $run (@$runs) {
        for my $at (0 .. $#$run) {
            for my $pair ([$a, $b], [$b, $a]) {
                my ($left, $right) = @$pair;
                next unless stands_at($run, $at, @$left);
                my $end = $at + $#$left;
                return 1 if grep { stands_at($run, $end + $_, @$right) } 1 .. $n;
            }
        }
    }
    return 0;
}

sub text_holds {
    my ($d, $name, @words) = @_;
    my $is_article = $d->{type} eq 'article';
    my $runs = $name eq 'body' ? $d->{own} : $name eq 'title' ? $d->{title} : $is_article ? [] : $d->{quoted};
    return holds($runs, @words);
}

sub is {
    my ($d, $what) = @_;
    return $d->{type} eq $what if $what eq 'article' || $what eq 'comment';
    return 0 if $d->{type} eq 'article';
    return !$d->{parent} if $what eq 'root';
    return !!$d->{parent} if $what eq 'reply';
    return $d->{replies} == 0 if $what eq 'leaf';
    return !!$d->{orphan};
}

# An id or a whole reference: its type, when it names one, and its id.
sub reference { return $_[0] =~ /^(article|comment):(.*)/ ? ($1, $2) : (undef, $_[0]) }

sub scope {
    my ($d, $name, $value) = @_;
    my ($type, $id) = reference($value);
    return (!$type || $type eq $d->{type}) && $d->{id} eq $id if $name eq 'id';
    return (!$type || $type eq 'article') && $d->{article} eq $id if $name eq 'article';
    return 0 if $d->{type} eq 'article';
    return ((!$type || $type eq 'article') && $d->{article} eq $id) ||
        ((!$type || $type eq 'comment') && grep { $_ eq $id } @{$d->{above}});
}

sub field_holds {
    my ($d, $name, $value, $lo, $hi) = @_;
    return defined $d->{author} && fold($d->{author}) eq fold($value) if $name eq 'author';
    return $d->{about} && defined $d->{about}{$name} && lc $d->{about}{$name} eq lc $value if $name =~ /^(?:section|site)$/;
    return $d->{about} && grep { lc $_ eq lc $value } @{$d->{about}{tags}} if $name eq 'tag';
    return is($d, $value) if $name eq 'is';
    return scope($d, $name, $value) if $name =~ /^(?:id|article|under)$/;
    return defined $d->{date} && $d->{date} >= $lo && $d->{date} < $hi if $name =~ /^(?:date|after|before)$/;
    return 0 if $name ne 'score' && $d->{type} eq 'article';
    return defined $d->{$name} && $d->{$name} >= $lo && $d->{$name} <= $hi;
}

sub begins { my ($d, $prefix) = @_; return scalar grep { /^\Q$prefix/ } keys %{$d->{said}} }

# The fewest edits between two words, each pair of places worked out once; a swap is one edit.
sub edits {
    my ($x, $y) = map { [split //] } @_;
    my %least;
    for my $i (0 .. @$x) {
        for my $j (0 .. @$y) {
            my @ways = $i * $j ? ($least{$i - 1, $j - 1} + ($x->[$i - 1] ne $y->[$j - 1])) : $i + $j;
            push @ways, $least{$i - 1, $j} + 1, $least{$i, $j - 1} + 1 if $i * $j;
            push @ways, $least{$i - 2, $j - 2} + 1
                if $i > 1 && $j > 1 && $x->[$i - 1] eq $y->[$j - 2] && $x->[$i - 2] eq $y->[$j - 1];
            $least{$i, $j} = (sort { $a <=> $b } @ways)[0];
        }
    }
    return $least{scalar @$x, scalar @$y};
}

# Another first letter is one edit, and then it is the only one.
sub resembles {
    my ($d, $word) = @_;
    my $most = length $word > 5 ? 2 : 1;
    return scalar grep { edits($word, $_) <= (substr($word, 0, 1) eq substr($_, 0, 1) ? $most : 1) } keys %{$d->{said}};
}

sub grade {
    my ($d, $node) = @_;
    my ($kind, @parts) = @$node;
    return $d->{said}{$parts[0]} ? STRONG : $d->{near}{$parts[0]} ? WEAK : NONE if $kind eq 'word';
    return begins($d, $parts[0]) ? STRONG : NONE if $kind eq 'prefix';
    return resembles($d, $parts[0]) ? STRONG : NONE if $kind eq 'spell';
    return grade($d, $parts[0]) >= NEUTRAL ? NONE : NEUTRAL if $kind eq 'not';
    if ($kind eq 'and' || $kind eq 'or') {
        my @grades = sort { $a <=> $b } map { grade($d, $_) } @parts;
        return $grades[-1] if $kind eq 'or' || $grades[-1] == STRONG && $grades[0] > NONE;
        return $grades[0];
    }
    return neutral($d, $kind, @parts) ? NEUTRAL : NONE;
}

sub neutral {
    my ($d, $kind, @parts) = @_;
    my @own = (@{$d->{title}}, @{$d->{own}});
    return holds(\@own, @parts) if $kind eq 'phrase' || $kind eq 'exact';
    return near(\@own, @parts) if $kind eq 'near';
    return text_holds($d, @parts) if $kind eq 'text';
    return join_holds($d, @parts) if $kind eq 'join';
    return field_holds($d, @parts);
}

# The archive whose documents joins look at.
our $world;

sub others { my ($d) = @_; return grep { $_->{article} eq $d->{article} } @{$world->{documents}} }

sub join_holds {
    my ($d, $name, $of) = @_;
    my $tree = ref $of ? $of : ['field', 'author', $of];
    my @thread = others($d);
    return satisfied($tree, @thread) if $name eq 'thread';
    return 0 if $d->{type} eq 'article';
    my @near = grep { $_->{type} eq 'article' } @thread;
    @near = grep { $_->{type} eq 'comment' && $d->{parent} && $_->{id} eq $d->{parent}{record}{id} } @thread
        if $name =~ /^(?:parent|reply-to)$/;
    @near = grep { $_->{type} eq 'comment' && $_->{parent} && $_->{parent}{record}{id} eq $d->{id} } @thread
        if $name =~ /^(?:reply|replied-by)$/;
    return !!grep { grade($_, $tree) >= NEUTRAL } @near;
}

# A thread as a whole: each word, phrase or field by some document of it, what is excluded by none.
sub satisfied {
    my ($node, @thread) = @_;
    my ($kind, @parts) = @$node;
    return !grep { !satisfied($_, @thread) } @parts if $kind eq 'and';
    return !!grep { satisfied($_, @thread) } @parts if $kind eq 'or';
    return !satisfied($parts[0], @thread) if $kind eq 'not';
    return !!grep { $_->{said}{$parts[0]} } @thread if $kind eq 'word';
    return !!grep { begins($_, $parts[0]) } @thread if $kind eq 'prefix';
    return !!grep { resembles($_, $parts[0]) } @thread if $kind eq 'spell';
    return !!grep { grade($_, $node) >= NEUTRAL } @thread;
}

# Relaxed: the query would match with every bare word granted, ...
sub granted {
    my ($d, $node) = @_;
    my ($kind, @parts) = @$node;
    return 1 if $kind =~ /^(?:word|prefix|spell)$/;
    return !grep { !granted($d, $_) } @parts if $kind eq 'and';
    return !!grep { granted($d, $_) } @parts if $kind eq 'or';
    return grade($d, $node) > NONE;
}

# ... and one of them is really there, in the alternative that is granted.
sub evident {
    my ($d, $node) = @_;
    my ($kind, @parts) = @$node;
    return grade($d, $node) > NONE if $kind =~ /^(?:word|prefix|spell)$/;
    return !!grep { evident($d, $_) } @parts if $kind eq 'or';
    return granted($d, $node) && !!grep { evident($d, $_) } @parts if $kind eq 'and';
    return 0;
}

sub hits {
    my ($self, $tree) = @_;
    local $world = $self;
    return grep { grade($_, $tree) >= NEUTRAL } @{$self->{documents}};
}

sub relaxed {
    my ($self, $tree) = @_;
    local $world = $self;
    return grep { grade($_, $tree) < NEUTRAL && evident($_, $tree) } @{$self->{documents}};
}

# The total order: the key, then newest first with unknown dates last, then the reference.
sub ordered {
    my ($self, $sort, @documents) = @_;
    my $last = sub { my ($x, $y, $way) = @_; defined $x && defined $y ? $way * ($x <=> $y) : defined $y <=> defined $x };
    return sort {
        ($sort eq 'votes' ? $last->($a->{score}, $b->{score}, -1) : 0) ||
            ($sort eq 'replies' ? $last->($a->{replies}, $b->{replies}, -1) : 0) ||
            $last->($a->{date}, $b->{date}, $sort eq 'oldest' ? 1 : -1) || $a->{ref} cmp $b->{ref}
    } @documents;
}

1;
