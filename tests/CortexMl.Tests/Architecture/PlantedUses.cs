// Types of two folders, of which the first may not use the second, and does in every way that the compiler knows. They stand in one file so
// that no using betrays them.

#pragma warning disable CA1812 // nobody makes one: they are looked at
namespace CortexMl.Tests.Architecture.Planted.Low
{
    internal sealed class Innocent
    {
        public static string Text => nameof(High.Thing);
    }

    internal sealed class Caller
    {
        public static int Call() => High.Thing.Count();
    }

    internal sealed class Catcher
    {
        public static int Catch(Func<int> work)
        {
            try
            {
                return work();
            }
            catch (High.ThingException)
            {
                return 0;
            }
        }
    }

    internal sealed class Child : High.Thing;

    internal sealed class Closure
    {
        public static Func<object> Make(int x) => () => x > 0 ? new High.Thing() : x;
    }

    internal sealed class Constrained<T>
        where T : High.Thing;

    internal sealed class Holder
    {
        public High.Thing? Held { get; init; }
    }

    internal sealed class Lists
    {
        public static int Count(Dictionary<string, High.Thing[]> things) => things.Count;
    }

    [High.Mark]
    internal sealed class Attributed;
}

namespace CortexMl.Tests.Architecture.Planted.High
{
    internal class Thing
    {
        public static int Count() => Low.Innocent.Text.Length;
    }

    internal sealed class ThingException : Exception;

    [AttributeUsage(AttributeTargets.Class)]
    internal sealed class MarkAttribute : Attribute;
}
