LIB_SRC := $(wildcard lib/*/*.c lib/*/*.cc)
LIB_OBJ := $(addprefix $(B)/,$(addsuffix .o,$(basename $(LIB_SRC))))
