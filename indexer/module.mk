INDEXER_SRC := $(wildcard indexer/*.c indexer/*/*.c)
INDEXER_OBJ := $(patsubst %.c,$(B)/%.o,$(filter-out indexer/main.c,$(INDEXER_SRC)))
PROGRAMS += $(B)/weft-indexer
$(B)/weft-indexer: $(B)/indexer/main.o $(INDEXER_OBJ) $(B)/libweft.a
	$(LINK) $^ $(PKG_LIBS)
# The mappings are in the program as they stand.
$(B)/indexer/formats/mapping_builtin.o: $(wildcard mappings/*.json)
