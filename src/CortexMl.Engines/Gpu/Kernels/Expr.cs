namespace CortexMl.Engines.Gpu.Kernels;

/// <summary>The two kinds of numbers that kernels compute with. There is no floating point.</summary>
internal enum ScalarType
{
    I32,
    I64,
}

/// <summary>
/// An expression of a kernel: two's complement integers that wrap. Operators fold constants. Nothing has a side effect; both sides of an
/// operator are evaluated, of <see cref="SelectExpr"/> only the chosen one. A condition is an i32, 0 for false.
/// </summary>
internal abstract record Expr(ScalarType Type)
{
    public static implicit operator Expr(int value) => new ConstantExpr(value, ScalarType.I32);

    public static Expr operator +(Expr left, Expr right) => Fold.Binary(BinaryOperator.Add, left, right);

    public static Expr operator -(Expr left, Expr right) => Fold.Binary(BinaryOperator.Subtract, left, right);

    public static Expr operator -(Expr operand) => Fold.Binary(BinaryOperator.Subtract, new ConstantExpr(0, operand.Type), operand);

    public static Expr operator *(Expr left, Expr right) => Fold.Binary(BinaryOperator.Multiply, left, right);

    /// <summary>Toward zero. By 0 it is 0, and the most negative number by -1 is itself: what cvm.broadcast_div says.</summary>
    public static Expr operator /(Expr left, Expr right) => Fold.Binary(BinaryOperator.Divide, left, right);

    /// <summary>left - left / right * right.</summary>
    public static Expr operator %(Expr left, Expr right) => Fold.Binary(BinaryOperator.Remainder, left, right);

    public static Expr operator &(Expr left, Expr right) => Fold.Binary(BinaryOperator.And, left, right);

    public static Expr operator |(Expr left, Expr right) => Fold.Binary(BinaryOperator.Or, left, right);

    public static Expr operator ^(Expr left, Expr right) => Fold.Binary(BinaryOperator.Xor, left, right);

    /// <summary>By the low 5 (6) bits of an i32.</summary>
    public static Expr operator <<(Expr left, Expr right) => Fold.Binary(BinaryOperator.ShiftLeft, left, right);

    /// <summary>Arithmetic, by the low 5 (6) bits of an i32.</summary>
    public static Expr operator >>(Expr left, Expr right) => Fold.Binary(BinaryOperator.ShiftRight, left, right);

    public static Expr operator <(Expr left, Expr right) => Fold.Binary(BinaryOperator.Less, left, right);

    public static Expr operator <=(Expr left, Expr right) => Fold.Binary(BinaryOperator.LessOrEqual, left, right);

    public static Expr operator >(Expr left, Expr right) => Fold.Binary(BinaryOperator.Less, right, left);

    public static Expr operator >=(Expr left, Expr right) => Fold.Binary(BinaryOperator.LessOrEqual, right, left);

    public Expr Is(Expr other) => Fold.Binary(BinaryOperator.Equal, this, other);

    public Expr IsNot(Expr other) => Fold.Binary(BinaryOperator.NotEqual, this, other);

    public Expr Min(Expr other) => Fold.Binary(BinaryOperator.Min, this, other);

    public Expr Max(Expr other) => Fold.Binary(BinaryOperator.Max, this, other);

    public Expr Clamp(int low, int high) => Fold.Binary(BinaryOperator.Max, Fold.Binary(BinaryOperator.Min, this, high), low);

    /// <summary><paramref name="yes"/> where this is not 0, else <paramref name="no"/>; the other one is not evaluated.</summary>
    public Expr Select(Expr yes, Expr no) => Fold.Select(this, yes, no);

    public Expr ToI64() => Fold.Convert(this, ScalarType.I64);

    /// <summary>The low 32 bits.</summary>
    public Expr ToI32() => Fold.Convert(this, ScalarType.I32);

    /// <summary>
    /// accumulator + the sum of the products of the four signed bytes in <paramref name="x"/> and <paramref name="w"/>; wraps.
    /// </summary>
    public static Expr Dot4(Expr x, Expr w, Expr accumulator) => new Dot4Expr(x, w, accumulator);

    /// <summary>Four <see cref="Dot4"/> one after the other; ILGPU keeps their sums in a register.</summary>
    /// <param name="x">Four words.</param>
    /// <param name="w">Four words.</param>
    public static Expr Dot16(IReadOnlyList<Expr> x, IReadOnlyList<Expr> w, Expr accumulator) => new Dot16Expr(x, w, accumulator);
}

internal sealed record ConstantExpr(long Value, ScalarType Type) : Expr(Type);

/// <summary>A variable of the kernel; names are unique within one.</summary>
internal sealed record LocalExpr(string Name, ScalarType Type) : Expr(Type);

/// <summary>Where a thread stands.</summary>
internal enum Position
{
    /// <summary>Number among all threads; kernels without groups only.</summary>
    Thread,

    /// <summary>Number of the group; kernels with groups only.</summary>
    Group,

    /// <summary>Number within the group; kernels with groups only.</summary>
    Lane,
}

internal sealed record PositionExpr(Position Position) : Expr(ScalarType.I32);

internal enum BinaryOperator
{
    Add, Subtract, Multiply, Divide, Remainder, And, Or, Xor, ShiftLeft, ShiftRight, Min, Max, Less, LessOrEqual, Equal, NotEqual,
}

internal sealed record BinaryExpr(BinaryOperator Operator, Expr Left, Expr Right, ScalarType Type) : Expr(Type);

internal sealed record SelectExpr(Expr Condition, Expr Yes, Expr No) : Expr(Yes.Type);

/// <summary>Sign-extends or takes the low bits.</summary>
internal sealed record ConvertExpr(Expr Operand, ScalarType Type) : Expr(Type);

/// <summary>
/// An element, sign-extended to i32. The index lies within the array: the generator's duty, nothing checks it at run time.
/// </summary>
internal sealed record LoadExpr(KernelArray Array, Expr Index) : Expr(ScalarType.I32);

internal sealed record Dot4Expr(Expr X, Expr W, Expr Accumulator) : Expr(ScalarType.I32);

internal sealed record Dot16Expr(IReadOnlyList<Expr> X, IReadOnlyList<Expr> W, Expr Accumulator) : Expr(ScalarType.I32);
