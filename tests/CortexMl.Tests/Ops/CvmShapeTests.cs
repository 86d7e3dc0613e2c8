using CortexMl.Ops.Cvm;
using Xunit;
using static CortexMl.Tests.Ops.CvmInfer;

namespace CortexMl.Tests.Ops;

/// <summary>Shape rules of the operators that move, select and reduce, CortexMl.Cvm/SPECIFICATION.md §8.2.</summary>
public class CvmShapeTests
{
    private static void Reshapes(string expected, int[] from, params long[] target) =>
        Gives("i8" + expected, CvmShape.Reshape, [I(8, from)], ("shape", target));

    private static void CannotReshape(int[] from, params long[] target) => Logic(CvmShape.Reshape, [I(8, from)], ("shape", target));

    [Fact]
    public void Reshape_reads_its_codes_from_left_to_right()
    {
        Reshapes("[6, 4]", [2, 3, 4], 6, 4);
        Reshapes("[2, 12]", [2, 3, 4], 0, -1);
        Reshapes("[2, 3, 4]", [2, 3, 4], -2);
        Reshapes("[6, 4]", [2, 3, 4], -3, 0);
        Reshapes("[2, 3, 2, 2]", [2, 3, 4], 0, 0, -4, 2, -1);
        Reshapes("[1, 2, 3, 4]", [2, 3, 4], -4, -1, 2, -2);
        Reshapes("[24]", [2, 3, 4], -7, 24);
    }

    [Fact]
    public void Reshape_fills_the_position_that_minus_one_has_in_the_attribute()
    {
        // Two dimensions stand before the -1 where the attribute has one code: index 1, not 2, is filled.
        CannotReshape([2, 3, 4], -2, -1, 1);
        Reshapes("[6, 4]", [2, 3, 4], -3, -1);
        Reshapes("[1, 24]", [24], -5, -1, 1);
    }

    [Fact]
    public void Reshape_to_another_size_is_a_logic_error()
    {
        CannotReshape([2, 3], 5);
        CannotReshape([2, 3]);
        CannotReshape([2, 3], -1, -1);
        CannotReshape([2, 3], 0, 0, 0);
        CannotReshape([2, 3], 2, -3);
        CannotReshape([2, 3], -4, -1, -1);
        CannotReshape([2, 3], -4, 2);
    }

    [Fact]
    public void Reshapes_that_crash_the_reference_are_logic_errors()
    {
        CannotReshape([2, 3], -4, 0, -1);
        CannotReshape([2, 3], -4, -1, 0);
        CannotReshape([2, 3], 65536, 65536, -1);
        CannotReshape([2, 3], -5, -5, -5, -5, -5, -5, -5, -5, -1);
        CannotReshape([2, 3], long.MaxValue, long.MaxValue, -1);
    }

    [Fact]
    public void Strided_slice_defaults_to_the_first_row()
    {
        Gives("i8[1, 4]", CvmShape.StridedSlice, [I(8, 3, 4)]);
        Gives("i8[2, 2]", CvmShape.StridedSlice, [I(8, 3, 4)], ("begin", Ints(1)), ("end", Ints(3, 4, 9, 9)), ("stride", Ints(1, 2)));
        Gives("i8[3, 4]", CvmShape.StridedSlice, [I(8, 3, 4)], ("begin", Ints(-1)), ("end", Ints(-4)), ("stride", Ints(-1)));
        Gives("i8[2, 4]", CvmShape.StridedSlice, [I(8, 3, 4)], ("begin", Ints(long.MaxValue)), ("end", Ints(0)), ("stride", Ints(-1)));
    }

    [Fact]
    public void Strided_slice_of_nothing_is_a_logic_error()
    {
        Logic(CvmShape.StridedSlice, [I(8, 3)], ("begin", Ints(2)), ("end", Ints(2)));
        Logic(CvmShape.StridedSlice, [I(8, 3)], ("begin", Ints(0)), ("end", Ints(3)), ("stride", Ints(0)));
        Logic(CvmShape.StridedSlice, [I(8, 3)], ("begin", Ints(0, 0)), ("end", Ints(3)));
    }

    [Fact]
    public void Reductions_drop_or_keep_axes()
    {
        Gives("i8[1]", CvmReduce.Max, [I(8, 2, 3)]);
        Gives("i8[1]", CvmReduce.Max, [I(8, 2, 3)], ("exclude", true));
        Gives("i8[1, 1]", CvmReduce.Max, [I(8, 2, 3)], ("keepdims", true));
        Gives("i8[3]", CvmReduce.Max, [I(8, 2, 3)], ("axis", Ints(-1)), ("exclude", true));
        Gives("i8[2, 3]", CvmReduce.Max, [I(8, 2, 3)], ("axis", Ints(0, 1)), ("exclude", true));
        Logic(CvmReduce.Max, [I(8, 2, 3)], ("axis", Ints(0, -2)));
        Logic(CvmReduce.Max, [I(8, 2, 3)], ("axis", Ints(long.MinValue)));
    }

    [Fact]
    public void Axes_are_inserted_and_removed()
    {
        Gives("i8[2, 1, 1, 3]", CvmShape.ExpandDims, [I(8, 2, 3)], ("axis", 1), ("num_newaxis", 2));
        Gives("i8[2, 3, 1]", CvmShape.ExpandDims, [I(8, 2, 3)], ("axis", -1));
        Logic(CvmShape.ExpandDims, [I(8, 2, 3)], ("axis", 3));
        Logic(CvmShape.ExpandDims, [I(8, 2, 3)], ("axis", 0), ("num_newaxis", 5));
        Runtime(CvmShape.ExpandDims, [I(8, 2, 3)], ("axis", 0), ("num_newaxis", 0));
        Gives("i8[1]", CvmShape.Squeeze, [I(8, 1, 1)]);
        Gives("i8[1, 3]", CvmShape.Squeeze, [I(8, 1, 1, 3)], ("axis", Ints(0, 0)));
        Logic(CvmShape.Squeeze, [I(8, 1, 3)], ("axis", Ints(1)));
    }

    [Fact]
    public void Permutations_may_count_from_the_end()
    {
        Gives("i8[4, 2, 3]", CvmShape.Transpose, [I(8, 2, 3, 4)], ("axes", Ints(-1, 0, 1)));
        Logic(CvmShape.Transpose, [I(8, 2, 3)], ("axes", Ints(0, -2)));
        Logic(CvmShape.Transpose, [I(8, 2, 3)], ("axes", Ints(0)));
    }

    [Fact]
    public void Joined_operands_agree_outside_the_axis()
    {
        Gives("i8[2, 7]", CvmShape.Concatenate, [I(8, 2, 3), I(8, 2, 4)]);
        Logic(CvmShape.Concatenate, [I(8, 2, 3), I(8, 3, 3)]);
        Logic(CvmShape.Concatenate, [I(8, 2, 3), I(8, 2)]);
        Logic(CvmShape.Concatenate, []);
    }

    [Fact]
    public void Tile_needs_repetitions()
    {
        Gives("i8[2, 2, 6]", CvmShape.Tile, [I(8, 1, 2)], ("reps", Ints(2, 2, 3)));
        Logic(CvmShape.Tile, [I(8, 1, 2)]);
        Logic(CvmShape.Tile, [I(8, 1, 2)], ("reps", Ints()));
        Logic(CvmShape.Tile, [I(8, 1, 2)], ("reps", Ints(4097)));
        Logic(CvmShape.Repeat, [I(8, 1, 2)], ("repeats", 0));
    }

    [Fact]
    public void Slice_like_cuts_but_never_grows()
    {
        Gives("i8[2, 2]", CvmShape.SliceLike, [I(8, 3, 4), I(4, 2, 2)]);
        Gives("i8[3, 2]", CvmShape.SliceLike, [I(8, 3, 4), I(4, 5, 2)], ("axis", Ints(-1)));
        Logic(CvmShape.SliceLike, [I(8, 3, 4), I(4, 5, 2)]);
        Logic(CvmShape.SliceLike, [I(8, 3, 4), I(4, 2)]);
    }

    [Fact]
    public void Take_puts_the_shape_of_the_indices_in_place_of_the_axis()
    {
        Gives("i8[5, 6]", CvmLookup.Take, [I(8, 2, 3), I(4, 5, 6)]);
        Gives("i8[2, 5, 6]", CvmLookup.Take, [I(8, 2, 3), I(4, 5, 6)], ("axis", -1));
        Logic(CvmLookup.Take, [I(8, 2, 3), I(4, 5, 6)], ("axis", 2));
    }

    [Fact]
    public void Results_beyond_the_static_limits_are_logic_errors()
    {
        Logic(CvmShape.Repeat, [I(8, 2)], ("repeats", int.MaxValue));
        Logic(CvmShape.Tile, [I(8, 1, 1, 1)], ("reps", Ints(4096, 4096, 4096)));
        Logic(CvmLookup.Take, [I(8, 1, 1, 1), I(8, 1, 1, 1, 1, 1)], ("axis", 0));
        Logic(CvmUnary.Relu, [I(8, 1, 1, 1, 1, 1, 1, 1)]);
        Logic(CvmUnary.Relu, [I(8, 0)]);
        Logic(CvmUnary.Relu, [I(8, (1 << 24) + 1)]);
    }
}
