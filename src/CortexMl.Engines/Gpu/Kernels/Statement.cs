namespace CortexMl.Engines.Gpu.Kernels;

/// <summary>A statement of a kernel.</summary>
internal abstract record Statement;

internal sealed record DeclareStatement(LocalExpr Local, Expr Value) : Statement;

internal sealed record AssignStatement(LocalExpr Local, Expr Value) : Statement;

/// <param name="No">Empty where there is no else.</param>
internal sealed record IfStatement(Expr Condition, IReadOnlyList<Statement> Yes, IReadOnlyList<Statement> No) : Statement;

/// <summary>
/// for (int counter = from; counter &lt; to; counter += step). The body assigns neither the counter nor what the bounds read.
/// </summary>
internal sealed record ForStatement(LocalExpr Counter, Expr From, Expr To, int Step, IReadOnlyList<Statement> Body) : Statement;

internal sealed record WhileStatement(Expr Condition, IReadOnlyList<Statement> Body) : Statement;

/// <summary>Keeps the low bits that the element has room for. The index lies within the array.</summary>
internal sealed record StoreStatement(KernelArray Array, Expr Index, Expr Value) : Statement;

/// <summary>All threads of the group meet; never inside a branch that only some of them take.</summary>
internal sealed record BarrierStatement : Statement;
