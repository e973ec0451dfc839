CLIENT_SRC := $(wildcard client/*.c client/*/*.c)
CLIENT_OBJ := $(patsubst %.c,$(B)/%.o,$(filter-out client/main.c,$(CLIENT_SRC)))
PROGRAMS += $(B)/weft
$(B)/weft: $(B)/client/main.o $(CLIENT_OBJ) $(B)/libweft.a
	$(LINK) $^ $(PKG_LIBS)
